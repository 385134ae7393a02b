import { unavailable } from '../../errors.ts';
import { createFairTurns, type FairTurns } from '../../fair-turns.ts';
import { holderOf } from '../../holder.ts';
import { outsideTurn, type Node, type NodeCore, type Scope } from '../../scope.ts';
import { StoreUnavailable, type FileStore, type StoredUpload } from '../../storage/file-store.ts';
import type { FileRow } from './file-rows.ts';

declare module '../../scope.ts' {
  interface Services {
    readonly storeTurns: FairTurns;
  }
}

/** The store may be slow, so users take turns to wait for it [P13]. */
export const createStoreTurns = ({ config: { limits }, metrics }: NodeCore): FairTurns =>
  createFairTurns({
    name: 'store',
    metrics,
    running: limits.furtherStoreUses,
    runningPerHolder: limits.storeUsesPerUser,
    reservedPerHolder: 1,
    waiting: limits.storeUsesWaiting,
    refusalOf: () =>
      unavailable('The server is busy with the files of others. Try again in a moment.'),
  });

/** The store with the bytes of a file. UNAVAILABLE if this node does not know it. */
export function storeOf(node: Node, { store }: Pick<FileRow, 'store'>): FileStore {
  const found = node.fileStores.find(store);
  if (!found) {
    node.log.error({ store }, 'a file is in a store that the settings of this node do not name');
    throw unavailable('The server cannot reach this file now. Try again later.');
  }
  return found;
}

/** Uses a store. UNAVAILABLE while it is full or out of reach. */
export async function withStore<Result>(node: Node, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    node.log.error({ error: error.message }, 'the store of files cannot be used');
    throw unavailable('The server cannot store or read files now. Try again later.');
  }
}

/** The same for an operation, which does not hold its turn meanwhile. */
export const useStore = <Result>(scope: Scope, work: () => Promise<Result>): Promise<Result> =>
  outsideTurn(scope, () =>
    scope.node.services.storeTurns.run({ holder: holderOf(scope) }, () =>
      withStore(scope.node, work),
    ),
  );

export const uploadOf = ({ id, uploadKey, sizeBytes, partBytes }: FileRow): StoredUpload => ({
  key: id,
  uploadKey,
  sizeBytes,
  partBytes,
});

export const cleanKey = ({ id }: Pick<FileRow, 'id'>): string => `${id}-clean`;

export const thumbnailKey = ({ id }: Pick<FileRow, 'id'>): string => `${id}-thumbnail`;

/** The key of the bytes to serve. */
export const servedKey = (file: FileRow): string => (file.isCleaned ? cleanKey(file) : file.id);

/** The objects that a complete file consists of. */
export const objectsOf = (
  file: FileRow,
): { readonly key: string; readonly sizeBytes: number; readonly contentType: string }[] => {
  const { sizeBytes, contentType, thumbnailBytes } = file;
  const bytes = { key: servedKey(file), sizeBytes, contentType };
  if (thumbnailBytes === null) return [bytes];
  const type = 'image/webp';
  return [bytes, { key: thumbnailKey(file), sizeBytes: thumbnailBytes, contentType: type }];
};

/** The id of the file to which a key belongs. Undefined for a key that no file has. */
export const fileIdOf = (key: string): string | undefined =>
  /^([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})(?:-clean|-thumbnail)?$/.exec(key)?.[1];

/** All keys that a file may have. */
export const keysOf = (file: Pick<FileRow, 'id'>): string[] => [
  file.id,
  cleanKey(file),
  thumbnailKey(file),
];
