import type { Node } from '../../scope.ts';
import { StoreUnavailable } from '../../storage/file-store.ts';
import type { FileRow } from './file-rows.ts';
import { changeUsage } from './quota.ts';
import { keysOf, storeOf } from './stores.ts';

const filesAtOnce = 50;
/** The pause before a deletion is retried after the store failed. */
const retryMs = 60_000;

/**
 * Deletes some files that have expired: first the bytes, then the row, so that no bytes are left
 * without a row [P17]. Files of messages never expire. Several nodes may do it at once. Returns
 * whether there may be more to do.
 */
export async function deleteFiles(node: Node): Promise<boolean> {
  const { prisma } = node.database;
  const now = new Date();
  const isDue = [{ deletionRetryAt: null }, { deletionRetryAt: { lte: now } }];
  const expired = await prisma.file.findMany({
    where: { expiresAt: { lte: now }, OR: isDue },
    orderBy: { expiresAt: 'asc' },
    take: filesAtOnce,
  });
  const deleted: string[] = [];
  let isAway = false;
  for (const file of expired) {
    const outcome = await deleteBytes(node, file);
    if (outcome === 'deleted') deleted.push(file.id);
    else await retryLater(node, file);
    // The others would wait for the store as long. They are the first of the next batch.
    isAway = outcome === 'away';
    if (isAway) break;
  }
  if (deleted.length > 0) await deleteRows(node, deleted);
  return !isAway && expired.length === filesAtOnce;
}

/** `away` if the store does not answer, or does not work. */
async function deleteBytes(node: Node, file: FileRow): Promise<'deleted' | 'failed' | 'away'> {
  try {
    const store = storeOf(node, file);
    if (!file.completedAt) await store.delete(file.id, file.uploadKey);
    // A move may have left a copy in another store.
    for (const one of node.fileStores.all)
      for (const key of keysOf(file)) await one.delete(key, '');
    return 'deleted';
  } catch (error) {
    node.log.warn(
      { file: file.id, error: error instanceof Error ? error.message : String(error) },
      'the bytes of a file could not be deleted; retrying in a minute',
    );
    return error instanceof StoreUnavailable ? 'away' : 'failed';
  }
}

/** The file stays expired, so nobody can fetch or send it while its bytes are left. */
const retryLater = ({ database }: Node, { id }: FileRow) =>
  database.prisma.file.updateMany({
    where: { id },
    data: { deletionRetryAt: new Date(Date.now() + retryMs) },
  });

/** Gives the bytes back to the quota. */
const deleteRows = ({ database }: Node, ids: readonly string[]): Promise<void> =>
  database.prisma.$transaction(async (transaction) => {
    const freed = await transaction.$queryRaw<{ ownerId: string; bytes: number }[]>`
      with gone as (
        delete from files where id = any(${ids}::uuid[]) and expires_at <= now()
        returning owner_id, size_bytes)
      select owner_id as "ownerId", sum(size_bytes)::float8 as bytes from gone
      group by owner_id order by owner_id`;
    for (const { ownerId, bytes } of freed) await changeUsage(transaction, ownerId, -bytes);
  });
