import { join } from 'node:path';
import { startApp } from '../src/app.ts';
import { signServiceToken } from '../src/chat/people/service-tokens.ts';
import { readConfig, type Config } from '../src/config.ts';
import { openDatabase } from '../src/db/database.ts';
import { readSecret } from '../src/db/kept-secret.ts';
import { StartError } from '../src/errors.ts';
import { createLog } from '../src/log.ts';
import { createRandom } from '../test/faults/random.ts';
import { Refused } from './seed/api.ts';
import { backdate } from './seed/backdate.ts';
import { people } from './seed/people.ts';
import { perform } from './seed/perform.ts';
import { rooms } from './seed/rooms.ts';
import { desk, writeWeek } from './seed/week.ts';

// npm run seed: fills a new database with users, rooms and a week of messages. The settings name
// the database.
const seed = 1;

// Only the owner may read the files in the data directory. The embedded database sets the modes of
// some files itself; the closed directory protects them.
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
  const { password, moments } = await serviceToken(config)
    .then((token) => perform(app.url, token, lines, report))
    .finally(() => app.close());
  const database = await openDatabase(config, log);
  await backdate(database, moments).finally(() => database[Symbol.asyncDispose]());
  process.stdout.write(
    `\rCreated ${people.length} users, a bot, ${rooms.length} rooms and ${lines.length} messages.\n` +
      `Start the server with the same settings. Sign in as ${people[0]!.username}, or as any other user, with the password ${password}. ` +
      `Set ADMIN_USERNAMES=${desk} to keep ${desk} on the support desk.\n`,
  );
} catch (error) {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
}

/** For the bot. Its key exists since the start of the app. */
async function serviceToken({ JWT_SECRET, DATA_DIR }: Config): Promise<string> {
  const secret = JWT_SECRET ?? (await readSecret(join(DATA_DIR, 'jwt-secret')));
  return signServiceToken(new TextEncoder().encode(secret), {
    name: 'seed',
    scopes: ['users', 'rooms', 'messages'],
    days: 1,
  });
}

function report(done: number): void {
  if (process.stdout.isTTY) process.stdout.write(`\r${done} messages`);
}

function explain(error: unknown): string {
  if (error instanceof StartError) return error.message;
  if (error instanceof Refused && error.code === 'CONFLICT')
    return 'Users with these names exist already. Seed a new database instead, for example: DATA_DIR=./demo npm run seed';
  throw error;
}
