import { forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import type { Scope } from '../../scope.ts';
import { requireAdmin } from '../people/admin-role.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { noEnd } from '../people/suspension.ts';
import { userDetails } from '../people/user-details.ts';
import { livingUsers, type UserRow } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { parseReason } from './reasons.ts';

export interface SuspensionRequest {
  readonly userId: string;
  readonly reason?: string | null;
  /** Null: permanently. A time in the past lifts the suspension. */
  readonly until?: Date | null;
}

/**
 * Suspends a user: every node closes their connections and refuses their tokens until the end. For
 * admins, and for services with the scope `users`. Admins cannot suspend admins.
 */
export async function suspendUser(
  scope: Scope,
  { userId, reason, until = null }: SuspensionRequest,
): Promise<UserRow> {
  const isService = scope.service !== undefined;
  if (isService)
    await startServiceCall(scope, 'users', { action: 'suspendUser', targets: [userId] });
  else await requireAdmin(scope);
  const why = parseReason(reason);
  if (until && !(until < noEnd)) throw invalid('`until` must be before the year 9999.', 'until');
  await spend(scope, 'moderate');
  const [id] = await resolveUserIds(scope, [userId]);
  const user = await livingUsers.load(scope, id!.toLowerCase());
  if (!user) throw notFound(`There is no user with the id ${userId}. Check the id.`);
  if (!isService && user.role === 'ADMIN')
    throw forbidden(
      'Admins cannot suspend admins. Take the admin role from the user first, or let a backend suspend them.',
    );
  const end = until ?? noEnd;
  const isSuspended = end > new Date();
  await transact(scope.node, async (transaction, record) => {
    await transaction.user.update({
      where: { id: user.id },
      data: {
        suspendedUntil: isSuspended ? end : null,
        suspensionReason: isSuspended ? why : null,
      },
    });
    record({ type: 'SuspensionChanged', data: { userId: user.id, isSuspended } });
  });
  userDetails.clear(scope, user.id);
  scope.node.log.info(
    {
      user: user.id,
      by: scope.viewer?.id ?? scope.service?.name,
      until: isSuspended ? end : null,
    },
    isSuspended ? 'suspended a user' : 'lifted a suspension',
  );
  return user;
}
