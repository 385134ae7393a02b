import { v7 as newId } from 'uuid';
import { invalid } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Scope } from '../../scope.ts';
import { requireAdmin } from '../people/admin-role.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { spend } from '../policy/allowances.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { checkType, checkContent, type ContentRequest } from './content.ts';
import { storeContents, transactNotifying } from './write.ts';

/** The most users that one request notifies. */
export const recipientsMax = 1000;

export interface NotifyRequest extends ContentRequest {
  readonly userIds: readonly string[];
  readonly type: string;
}

/**
 * Notifies the users with these ids, each once; guests and unknown ids are skipped. Returns the
 * number of recipients. For admins and service tokens.
 */
export async function notify(
  scope: Scope,
  { userIds, type, ...request }: NotifyRequest,
): Promise<number> {
  if (scope.service)
    await startServiceCall(scope, 'notify', { action: 'notify', targets: userIds });
  else await requireAdmin(scope);
  if (userIds.length < 1 || userIds.length > recipientsMax)
    throw invalid(
      `Pass 1 to ${recipientsMax} user ids. Notify more users with another request.`,
      'userIds',
    );
  const content = { id: newId(), type: checkType(type), ...checkContent(request) };
  await spend(scope, 'notify');
  const ids = await resolveUserIds(scope, userIds);
  return transactNotifying(scope.node, async (transaction, _record, notify) => {
    const found = await transaction.user.findMany({
      where: { id: { in: ids.filter(isId) }, isGuest: false, deletedAt: null },
      select: { id: true },
    });
    if (found.length === 0) return 0;
    await storeContents(transaction, [content]);
    notify(
      content,
      found.map(({ id }) => id),
    );
    return found.length;
  });
}
