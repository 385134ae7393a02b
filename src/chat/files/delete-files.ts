import type { Node } from '../../scope.ts';
import type { FileRow } from './file-rows.ts';
import { removeFiles } from './quota.ts';
import { keysOf, storeOf } from './stores.ts';

const filesAtOnce = 50;
/** How long to wait before the bytes of a file are deleted again, if the store failed. */
const retryMs = 60_000;

/**
 * Deletes some files that have expired, which files of messages never do: first the bytes, then the
 * row, so that no bytes are left without a row [P17]. Several nodes may do it at once. Returns whether there may be more to do.
 */
export async function deleteFiles(node: Node): Promise<boolean> {
  const { prisma } = node.database;
  const expired = await prisma.file.findMany({
    where: { expiresAt: { lte: new Date() } },
    orderBy: { expiresAt: 'asc' },
    take: filesAtOnce,
  });
  const deleted: string[] = [];
  const failedStores = new Set<string>();
  for (const file of expired) {
    // A store that does not answer takes a long time for each file.
    const isTried = !failedStores.has(file.store);
    if (isTried && (await deleteBytes(node, file))) {
      deleted.push(file.id);
      continue;
    }
    failedStores.add(file.store);
    // The files that were not tried are the first of the next time.
    const pauseMs = isTried ? 2 * retryMs : retryMs;
    await prisma.file.updateMany({
      where: { id: file.id, expiresAt: file.expiresAt },
      data: { expiresAt: new Date(Date.now() + pauseMs) },
    });
  }
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
      'the bytes of a file could not be deleted; it will be retried',
    );
    return false;
  }
}
