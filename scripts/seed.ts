import { startApp } from '../src/app.ts';
import { readConfig } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { StartError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { createRandom } from '../test/faults/random.ts';
import { Refused } from './seed/api.ts';
import { backdate } from './seed/backdate.ts';
import { people } from './seed/people.ts';
import { perform } from './seed/perform.ts';
import { rooms } from './seed/rooms.ts';
import { desk, writeWeek } from './seed/week.ts';

// npm run seed: people, rooms and a week of talk, in the database that the settings name, which is to be a new one.
const seed = 1;

// For what is written into the data directory. The embedded database sets the modes of some files itself, so the directory is closed, too.
process.umask(0o077);
try {
  const config = readConfig({
    ...process.env,
    PORT: '0',
    HOST: '127.0.0.1',
    RATE_LIMITS: 'off',
    ADMIN_USERNAMES: desk,
  });
  const log = createLog('warn');
  const app = await startApp(config, log);
  const lines = writeWeek(Date.now(), createRandom(seed));
  const { password, moments } = await perform(app.url, lines, report).finally(() => app.close());
  const database = await openDatabase(config, log);
  await backdate(database, moments).finally(() => database[Symbol.asyncDispose]());
  process.stdout.write(
    `\r${people.length} people, ${rooms.length} rooms, ${lines.length} messages.\nStart the server with the same settings and sign in as ${people[0]!.username}, or anybody else, with the password ${password}. ADMIN_USERNAMES=${desk} keeps ${desk} at the support desk.\n`,
  );
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

function report(done: number): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${done} messages`);
}

function explain(error: unknown): string {
  if (error instanceof StartError) return error.message;
  if (error instanceof Refused && error.code === 'CONFLICT')
    return 'People of these names are there already: only a new database is seeded. Name another one, e.g. DATA_DIR=./demo npm run seed';
  throw error;
}
