import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { silentLog } from './silent-log.ts';

const cache = 'node_modules/.cache/causerie';
const migrations = 'prisma/migrations';

/**
 * A data directory with all migrations applied and without a key, to be copied. It is made once for
 * each state of the migrations and each version of the database, because a first start takes
 * several seconds of CPU time.
 */
export async function makeEmbeddedTemplate(): Promise<string> {
  const hash = createHash('sha256');
  const entries = await readdir(migrations, { recursive: true });
  const sources = entries.filter((name) => name.endsWith('.sql')).toSorted();
  for (const path of [
    ...sources.map((name) => join(migrations, name)),
    'src/db/embedded-worker.js',
    'node_modules/@electric-sql/pglite/package.json',
  ])
    hash.update(path).update(readFileSync(path));
  const template = join(cache, `embedded-${hash.digest('hex').slice(0, 16)}`);
  if (existsSync(template)) return template;
  await mkdir(cache, { recursive: true });
  const unfinished = await mkdtemp(join(cache, 'unfinished-'));
  const database = await openDatabase(readConfig({ DATA_DIR: unfinished }), silentLog);
  await database[Symbol.asyncDispose]();
  await rm(join(unfinished, 'jwt-secret'));
  // Another run may have made the same one meanwhile.
  await rename(unfinished, template).catch(() => rm(unfinished, { recursive: true, force: true }));
  return template;
}
