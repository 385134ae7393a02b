import type { Node } from '../../scope.ts';
import { StoreUnavailable } from '../../storage/file-store.ts';
import type { FileRow } from './file-rows.ts';
import { removeFiles } from './quota.ts';
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
  const expired = await prisma.file.findMany({
    where: { expiresAt: { lte: new Date() } },
    orderBy: { expiresAt: 'asc' },
    take: filesAtOnce,
  });
  const deleted: string[] = [];
  let isAway = false;
  for (const file of expired) {
    const outcome = await deleteBytes(node, file);
    if (outcome === 'deleted') deleted.push(file.id);
    else
      await prisma.file.updateMany({
        where: { id: file.id, expiresAt: file.expiresAt },
        data: { expiresAt: new Date(Date.now() + retryMs) },
      });
    // The others would wait for the store as long. They are the first of the next batch.
    isAway = outcome === 'away';
    if (isAway) break;
  }
  if (deleted.length > 0) await removeFiles(node, deleted);
  return !isAway && expired.length === filesAtOnce;
}

/** `away` if the store does not answer, or does not work. */
async function deleteBytes(node: Node, file: FileRow): Promise<'deleted' | 'failed' | 'away'> {
  try {
    const store = storeOf(node, file);
    for (const key of keysOf(file))
      await store.delete(key, key === file.id && !file.completedAt ? file.uploadKey : '');
    return 'deleted';
  } catch (error) {
    node.log.warn(
      { file: file.id, error: error instanceof Error ? error.message : String(error) },
      'the bytes of a file could not be deleted; retrying in a minute',
    );
    return error instanceof StoreUnavailable ? 'away' : 'failed';
  }
}
