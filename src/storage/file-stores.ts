import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Config } from '../config.ts';
import { createDiskStore } from './disk-store.ts';
import type { FileStore } from './file-store.ts';
import { createS3Store } from './s3-store.ts';

/** The stores of a node. Files may be in both while they move from one to the other. */
export interface FileStores extends AsyncDisposable {
  /** The store of new files. */
  readonly current: FileStore;
  /** All stores that the settings name. */
  readonly all: readonly FileStore[];
  /** A store by its name. Undefined if the settings do not name it. */
  find(name: string): FileStore | undefined;
}

/** Creates nothing on the disk before the first upload. */
export function openFileStores(config: Config): FileStores {
  const { DATA_DIR, limits } = config;
  const isKept = DATA_DIR !== 'memory';
  const root = isKept ? join(DATA_DIR, 'files') : join(tmpdir(), `causerie-files-${randomUUID()}`);
  const disk = createDiskStore(root, limits.diskReserveBytes);
  const s3 = s3Of(config);
  const all = s3 ? [disk, s3] : [disk];
  return {
    current: s3 ?? disk,
    all,
    find: (name) => all.find((store) => store.name === name),
    async [Symbol.asyncDispose]() {
      if (!isKept) await rm(root, { recursive: true, force: true });
    },
  };
}

function s3Of({
  S3_ENDPOINT,
  S3_BUCKET,
  S3_REGION,
  S3_ACCESS_KEY_ID,
  S3_SECRET_ACCESS_KEY,
  limits,
}: Config): FileStore | undefined {
  if (!S3_ENDPOINT) return undefined;
  return createS3Store({
    endpoint: S3_ENDPOINT,
    bucket: S3_BUCKET!,
    region: S3_REGION,
    accessKeyId: S3_ACCESS_KEY_ID!,
    secretAccessKey: S3_SECRET_ACCESS_KEY!,
    partUrlSeconds: Math.ceil(limits.unsentFileMs / 1000),
  });
}
