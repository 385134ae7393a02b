import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { signServiceToken } from './chat/people/service-tokens.ts';
import { readConfig } from './config.ts';
import { readSecret } from './db/kept-secret.ts';
import { readEnvironment } from './environment.ts';
import { StartError } from './errors.ts';
import { serviceScopes, type ServiceScope } from './scope.ts';

// npm run service-token -- [--scope "SCOPE …"] [NAME] [DAYS], or node dist/service-token.js: prints
// a service token for a backend, signed with JWT_SECRET, or with the key in DATA_DIR without that.
const { values, positionals } = parseArgs({
  options: { scope: { type: 'string', default: 'notify' } },
  allowPositionals: true,
});
const [name = 'backend', days = '365'] = positionals;
try {
  const scopes = checkScopes(values.scope);
  if (!/^[1-9]\d{0,3}$/.test(days))
    throw new StartError(`DAYS must be a whole number from 1 to 9999, not ${days}.`);
  const { JWT_SECRET, DATA_DIR } = readConfig(readEnvironment());
  const secret = JWT_SECRET ?? (await readSecret(join(DATA_DIR, 'jwt-secret')));
  if (secret === undefined)
    throw new StartError(`${DATA_DIR} has no key yet. Start the server once, or set JWT_SECRET.`);
  const key = new TextEncoder().encode(secret);
  console.log(await signServiceToken(key, { name, scopes, days: Number(days) }));
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}

function checkScopes(text: string): ServiceScope[] {
  const wanted = text.split(/[\s,]+/).filter(Boolean);
  const unknown = wanted.find((scope) => !(serviceScopes as readonly string[]).includes(scope));
  if (unknown !== undefined || wanted.length === 0)
    throw new StartError(
      `--scope must be one or more of ${serviceScopes.join(', ')}, separated by spaces${unknown === undefined ? '' : `, not ${unknown}`}.`,
    );
  return wanted as ServiceScope[];
}
