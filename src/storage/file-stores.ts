import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createDiskStore } from './disk-store.ts';
import type { FileStore } from './file-store.ts';

/** The stores of a node. Files may be in both while they move from one to the other. */
export interface FileStores extends AsyncDisposable {
  /** The store of new files. */
  readonly current: FileStore;
  /** A store by its name. Undefined if the settings do not name it. */
  find(name: string): FileStore | undefined;
}

/** Creates nothing on the disk before the first upload. */
export function openFileStores({ DATA_DIR, limits }: Config): FileStores {
  const isKept = DATA_DIR !== 'memory';
  const root = isKept ? join(DATA_DIR, 'files') : join(tmpdir(), `causerie-files-${randomUUID()}`);
  const disk = createDiskStore(root, limits.diskReserveBytes);
  const stores = new Map<string, FileStore>([[disk.name, disk]]);
  return {
    current: disk,
    find: (name) => stores.get(name),
    async [Symbol.asyncDispose]() {
      if (!isKept) await rm(root, { recursive: true, force: true });
    },
  };
}
