import type { Transaction } from '../../db/database.ts';

/**
 * Counts the bytes of a new file of a user. Returns false, and counts nothing, if they exceed the
 * quota. The row of the usage is locked until the commit, so uploads at the same moment cannot
 * exceed it together.
 */
export async function takeQuota(
  transaction: Transaction,
  userId: string,
  bytes: number,
  quotaBytes: number,
): Promise<boolean> {
  const counted = await transaction.$executeRaw`
    insert into file_usage (user_id, bytes)
    select ${userId}::uuid, ${bytes}::int where ${bytes}::int <= ${quotaBytes}::bigint
    on conflict (user_id) do update set bytes = file_usage.bytes + excluded.bytes
    where file_usage.bytes + excluded.bytes <= ${quotaBytes}::bigint`;
  return counted > 0;
}

/** Counts bytes that a file of the user has more than before; fewer if negative. */
export async function changeUsage(
  transaction: Transaction,
  userId: string,
  bytes: number,
): Promise<void> {
  await transaction.$executeRaw`
    update file_usage set bytes = greatest(0, bytes + ${bytes}::bigint)
    where user_id = ${userId}::uuid`;
}
