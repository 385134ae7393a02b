import { parseArgs } from 'node:util';
import {
  countMovable,
  countUploads,
  moveFiles,
  type MoveProgress,
} from './chat/files/move-files.ts';
import { verifyFiles, type FileParts } from './chat/files/verify-files.ts';
import { readConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { readEnvironment } from './environment.ts';
import { StartError } from './errors.ts';
import { createLog } from './log.ts';
import { StoreUnavailable } from './storage/file-store.ts';
import { openFileStores } from './storage/file-stores.ts';

const usage = `Usage:
  npm run files -- verify              compares the rows of files with their bytes
  npm run files -- move [--to disk]    moves files to the S3 service of the settings, or back
In an image: node dist/files.js verify`;

/** The time for downloads that have started to end before bytes are deleted. */
const pauseMs = 60_000;
const progressMs = 5000;

// Directories of files are private, as those that a node makes.
process.umask(0o077);
const { values, positionals } = parseArgs({
  options: { to: { type: 'string' } },
  allowPositionals: true,
});
try {
  const [command, ...rest] = positionals;
  if (rest.length > 0 || !(command === 'verify' || command === 'move')) throw new StartError(usage);
  const config = readConfig(readEnvironment());
  await using database = await openDatabase(config, createLog('warn'));
  await using fileStores = openFileStores(config);
  const parts = { database, fileStores };
  const isFine = command === 'verify' ? await verify(parts) : await move(parts, values.to);
  if (!isFine) process.exitCode = 1;
} catch (error) {
  if (!(error instanceof StartError || error instanceof StoreUnavailable)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

async function verify(parts: FileParts): Promise<boolean> {
  const counts = { missing: 0, orphaned: 0 };
  for await (const { problem, store, subject } of verifyFiles(parts)) {
    counts[problem] += 1;
    console.log(`${problem}\t${store}\t${subject}`);
  }
  const { missing, orphaned } = counts;
  if (missing > 0)
    console.error(
      `${missing} files have no bytes, or not all of them, and cannot be fetched. Restore the bytes from a backup of the store, or delete the messages.`,
    );
  if (orphaned > 0)
    console.error(
      `No file of this database needs the bytes at ${orphaned} places. Make sure that the settings name the database of these files. Then delete the bytes.`,
    );
  if (missing + orphaned === 0)
    console.error('Every file has its bytes, and no others are stored.');
  return missing + orphaned === 0;
}

async function move(parts: FileParts, target: string | undefined): Promise<boolean> {
  const { fileStores } = parts;
  const to = target === undefined ? fileStores.current : fileStores.find(target);
  const from = fileStores.all.find((store) => store !== to);
  if (!to || !from)
    throw new StartError(
      'Set S3_ENDPOINT, S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY, as for the server. Files move from the disk to S3, or back with `--to disk`.',
    );
  const total = await countMovable(parts, from);
  console.log(`Moving ${total} files from ${from.name} to ${to.name}.`);
  let reportedAt = performance.now();
  const describe = ({ files, bytes, failed }: MoveProgress) =>
    `${files} of ${total} files moved (${Math.round(bytes / 1e6)} MB)${failed > 0 ? `, ${failed} failed` : ''}`;
  const progress = await moveFiles(parts, {
    from,
    to,
    pauseMs,
    report: (now) => {
      if (performance.now() - reportedAt < progressMs) return;
      reportedAt = performance.now();
      console.log(describe(now));
    },
    onFailure: (id, error) =>
      console.error(`File ${id}: ${error instanceof Error ? error.message : String(error)}`),
    onPause: () =>
      console.log(`${pauseMs / 1000} s for downloads to end, then the old bytes are deleted.`),
  });
  console.log(describe(progress));
  const uploads = await countUploads(parts, from);
  if (uploads > 0)
    console.log(
      `${uploads} uploads are not complete, and stay on ${from.name}. Run this again after a day.`,
    );
  if (progress.failed > 0) console.error('Some files failed. Run this again to move them.');
  return progress.failed === 0;
}
