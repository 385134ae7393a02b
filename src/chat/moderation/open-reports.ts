import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { isAdmin } from '../people/admin-role.ts';
import { reachOf } from './reports-in-reach.ts';

/**
 * The number of open reports that the viewer can resolve: of messages, and for admins of users.
 */
export async function openReportCount(scope: Scope): Promise<number> {
  const viewer = requireViewer(scope);
  const { prisma } = scope.node.database;
  const [ofMessages, ofUsers] = await Promise.all([
    prisma.report.count({ where: { AND: [{ resolvedAt: null }, reachOf(viewer)] } }),
    (await isAdmin(scope)) ? prisma.userReport.count({ where: { resolvedAt: null } }) : 0,
  ]);
  return ofMessages + ofUsers;
}

/** The ids of all admins. */
export const admins = async (transaction: Transaction): Promise<string[]> =>
  (
    await transaction.user.findMany({
      where: { role: 'ADMIN', deletedAt: null },
      select: { id: true },
    })
  ).map(({ id }) => id);

/** The ids of the users who can resolve reports of this conversation. */
export const resolversIn = async (
  transaction: Transaction,
  conversationId: string,
): Promise<string[]> =>
  (
    await transaction.$queryRaw<{ id: string }[]>`
      select user_id as id from members where conversation_id = ${conversationId}::uuid and role <> 'MEMBER'
      union
      select users.id from users, conversations
      where role = 'ADMIN' and users.deleted_at is null and conversations.id = ${conversationId}::uuid
        and (visibility is distinct from 'PRIVATE'
          or exists (select from members where conversation_id = conversations.id and user_id = users.id))`
  ).map(({ id }) => id);

/** Records that the number of open reports has changed for these users. */
export function recordOpenReports(record: RecordEvent, userIds: readonly string[]): void {
  for (const userId of userIds) record({ type: 'OpenReportsChanged', data: { userId } });
}
