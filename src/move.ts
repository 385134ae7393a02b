import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { missingBytes } from './chat/files/verify-files.ts';
import { readConfig } from './config.ts';
import { openDatabase } from './db/database.ts';
import { moveToPostgres } from './db/move-to-postgres.ts';
import { readEnvironment } from './environment.ts';
import { createLog } from './log.ts';
import { openFileStores } from './storage/file-stores.ts';

// Only the owner may read the files in the data directory. The embedded database sets the modes of
// some files itself; the closed directory protects them.
process.umask(0o077);

// npm run move -- DIRECTORY URL [NEW_DIRECTORY], or node dist/move.js with the same arguments:
// copies an embedded database to PostgreSQL, and the files of users to the DATA_DIR of the nodes.
const [directory, url, newDirectory = directory] = process.argv.slice(2);
if (!directory || !url || !newDirectory)
  throw new Error(
    'Pass a source directory and a target URL: npm run move -- ./data postgresql://user:password@host:5432/database [the DATA_DIR of the nodes]',
  );
const config = readConfig({
  // A command signs nothing.
  JWT_SECRET: randomUUID(),
  // The S3 settings, if files are there.
  ...readEnvironment(),
  DATABASE_URL: url,
  DATA_DIR: newDirectory,
});
console.table(await moveToPostgres(directory, url, () => copyFiles(directory, newDirectory)));
console.log(
  `Moved. Start the nodes with this DATABASE_URL, with DATA_DIR=${newDirectory}, where the files of users are, and with JWT_SECRET set to the content of the file jwt-secret in the old data directory.`,
);
await checkFiles();

/** What an interrupted run has copied is copied again. */
async function copyFiles(from: string, to: string): Promise<void> {
  const [source, target] = [join(from, 'files'), join(to, 'files')];
  if (source === target || !existsSync(source)) return;
  console.log(`Copying the files of users to ${target}.`);
  await cp(source, target, { recursive: true, preserveTimestamps: true });
}

async function checkFiles(): Promise<void> {
  await using database = await openDatabase(config, createLog('warn'));
  await using fileStores = openFileStores(config);
  let missing = 0;
  for await (const { store, subject } of missingBytes({ database, fileStores })) {
    missing += 1;
    console.error(`missing\t${store}\t${subject}`);
  }
  if (missing === 0) return console.log('Every file has its bytes.');
  console.error(`${missing} files have no bytes. Copy them to ${join(config.DATA_DIR, 'files')}.`);
  process.exitCode = 1;
}
