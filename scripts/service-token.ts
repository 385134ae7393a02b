import { join } from 'node:path';
import { signServiceToken } from '../src/chat/people/service-tokens.ts';
import { readConfig } from '../src/config.ts';
import { readSecret } from '../src/db/kept-secret.ts';
import { StartError } from '../src/errors.ts';

// npm run service-token -- [NAME] [DAYS]: prints a token with which a backend can notify users. It
// is signed with JWT_SECRET, or with the key in DATA_DIR if that is not set.
const [name = 'backend', days = '365'] = process.argv.slice(2);
try {
  if (!/^[1-9]\d{0,3}$/.test(days))
    throw new StartError(`DAYS must be a whole number from 1 to 9999, not ${days}.`);
  const { JWT_SECRET, DATA_DIR } = readConfig(process.env);
  const secret = JWT_SECRET ?? (await readSecret(join(DATA_DIR, 'jwt-secret')));
  if (secret === undefined)
    throw new StartError(`${DATA_DIR} has no key yet. Start the server once, or set JWT_SECRET.`);
  console.log(await signServiceToken(new TextEncoder().encode(secret), name, Number(days)));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
