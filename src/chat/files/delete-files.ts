import type { Node } from '../../scope.ts';
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
  for (const file of expired)
    if (await deleteBytes(node, file)) deleted.push(file.id);
    else
      await prisma.file.updateMany({
        where: { id: file.id, expiresAt: file.expiresAt },
        data: { expiresAt: new Date(Date.now() + retryMs) },
      });
  if (deleted.length > 0) await removeFiles(node, deleted);
  return expired.length === filesAtOnce;
}

async function deleteBytes(node: Node, file: FileRow): Promise<boolean> {
  try {
    const store = storeOf(node, file);
    for (const key of keysOf(file))
      await store.delete(key, key === file.id && !file.completedAt ? file.uploadKey : '');
    return true;
  } catch (error) {
    node.log.warn(
      { file: file.id, error: error instanceof Error ? error.message : String(error) },
      'the bytes of a file could not be deleted; retrying in a minute',
    );
    return false;
  }
}
