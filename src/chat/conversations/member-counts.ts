import type { Transaction } from '../../db/database.ts';

const roomsAtOnce = 20;

/**
 * Counts the members of the next few rooms after this id, and corrects the stored counts. Triggers
 * keep the counts right; this repairs what was changed without them, such as rows that were
 * restored with triggers disabled. Returns where to continue.
 */
export async function correctMemberCounts(
  transaction: Transaction,
  after: string,
): Promise<string> {
  // The lock waits for statements that have added or removed members and are about to count them.
  const rooms = await transaction.$queryRaw<{ id: string }[]>`
    select conversation_id as id from member_counts where conversation_id > ${after}::uuid
    order by conversation_id limit ${roomsAtOnce} for no key update`;
  const ids = rooms.map(({ id }) => id);
  await transaction.$executeRaw`
    update member_counts set members = counted.members
    from unnest(${ids}::uuid[]) as room cross join lateral (
      select count(*) as members from members where conversation_id = room) as counted
    where conversation_id = room and member_counts.members <> counted.members`;
  return ids.at(-1) ?? '00000000-0000-0000-0000-000000000000';
}
