import { readFileSync } from 'node:fs';
import { compile } from 'proxy-addr';
import { z } from 'zod';
import { StartError } from './errors.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { settings } from './settings/settings.ts';

/**
 * Claims that identity providers let users write themselves (OpenID Connect Core, section 5.1), and
 * `sub`, which has a setting.
 */
const claimsThatGiveNoRole = [
  'sub',
  'preferred_username',
  'username',
  'name',
  'given_name',
  'family_name',
  'middle_name',
  'nickname',
  'profile',
  'picture',
  'website',
  'email',
  'phone_number',
  'gender',
  'birthdate',
  'zoneinfo',
  'locale',
  'address',
  'user_metadata',
];

const environmentSchema = z.object(settings);
export type Config = z.output<typeof environmentSchema> & {
  readonly HOST: string;
  readonly ALLOWED_ORIGINS: readonly string[];
  readonly SIGN_UP: 'on' | 'off';
  readonly limits: Limits;
  readonly forbiddenWords: readonly string[];
};

/**
 * Parses the environment. Throws one StartError that lists all faults. An empty value counts as not
 * set, except for DEFAULT_ROOM.
 */
export function readConfig(
  environment: Record<string, string | undefined>,
  limits: Partial<Limits> = {},
): Config {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([name, value]) => value !== '' || name === 'DEFAULT_ROOM'),
  );
  const parsed = environmentSchema.safeParse(given);
  const faults =
    parsed.error?.issues.map((issue) => `${issue.path.join('.')} ${issue.message}`) ?? [];
  if (given.REDIS_URL && !given.DATABASE_URL)
    faults.push('REDIS_URL requires DATABASE_URL: nodes that share a bus must share a database');
  if (!given.REDIS_URL && parsed.data && parsed.data.NODES > 1)
    faults.push(
      'NODES requires DATABASE_URL and REDIS_URL: several nodes share a database and a bus',
    );
  if (given.DATABASE_URL && !given.JWT_SECRET)
    faults.push(
      'JWT_SECRET is required with DATABASE_URL, with the same value on every node, e.g. from `openssl rand -base64 32`',
    );
  if (parsed.data && !isProxyList(parsed.data.TRUSTED_PROXIES))
    faults.push(
      'TRUSTED_PROXIES has an entry that is not an address, a range, or one of loopback, linklocal, uniquelocal',
    );
  if (
    given.S3_ENDPOINT &&
    !(given.S3_BUCKET && given.S3_ACCESS_KEY_ID && given.S3_SECRET_ACCESS_KEY)
  )
    faults.push('S3_ENDPOINT requires S3_BUCKET, S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY');
  if (given.JWT_ISSUER === 'causerie')
    faults.push(
      'JWT_ISSUER must not be `causerie`, which is the issuer of the tokens that this server signs itself',
    );
  if (given.ISSUER_SECRET && given.JWKS_URL)
    faults.push(
      'ISSUER_SECRET and JWKS_URL exclude each other: set the one with which your issuer signs',
    );
  if (given.ISSUER_SECRET && given.ISSUER_SECRET === given.JWT_SECRET)
    faults.push(
      'ISSUER_SECRET must differ from JWT_SECRET, so that your issuer cannot sign tokens of this server',
    );
  if (given.MESSAGE_GATE_URL && !given.MESSAGE_GATE_SECRET)
    faults.push(
      'MESSAGE_GATE_SECRET is required with MESSAGE_GATE_URL, e.g. from `echo "whsec_$(openssl rand -base64 32)"`',
    );
  const adminClaim = given.JWT_ADMIN_CLAIM?.split(/[.:]/, 1)[0];
  if (adminClaim === 'sub')
    faults.push('JWT_ADMIN_CLAIM must not be `sub`: list the admins in ADMIN_SUBJECTS instead');
  else if (adminClaim !== undefined && claimsThatGiveNoRole.includes(adminClaim))
    faults.push(
      `JWT_ADMIN_CLAIM names \`${adminClaim}\`, which users may edit: use a claim that only your issuer writes`,
    );
  if (parsed.data && parsed.data.NOTIFICATION_RETENTION_DAYS <= parsed.data.EVENT_RETENTION_DAYS)
    faults.push(
      'NOTIFICATION_RETENTION_DAYS must be greater than EVENT_RETENTION_DAYS, because events refer to notifications',
    );
  if (parsed.data && !haveOwnPorts(parsed.data))
    faults.push(
      'ADMIN_PORT must differ from PORT, also for each of NODES, which count up from ADMIN_PORT to 65535 at most',
    );
  const forbiddenWords = readWords(given.WORD_FILTER, faults);
  if (faults.length > 0 || !parsed.data)
    throw new StartError(
      `The settings have ${faults.length} fault(s):\n${faults.map((fault) => `  ${fault}`).join('\n')}`,
    );
  const { data } = parsed;
  return {
    ...data,
    HOST: data.HOST ?? (data.DATABASE_URL ? '0.0.0.0' : '127.0.0.1'),
    ALLOWED_ORIGINS: data.ALLOWED_ORIGINS ?? (data.DATABASE_URL ? [] : ['loopback']),
    SIGN_UP: data.SIGN_UP ?? (hasOutsideIssuer(data) ? 'off' : 'on'),
    limits: { ...defaultLimits, ...limits },
    forbiddenWords,
  };
}

/** The settings of one of NODES nodes. Each has its own metrics, and so its own ADMIN_PORT. */
export const configOfNode = (config: Config, number: number): Config => ({
  ...config,
  ADMIN_PORT: config.ADMIN_PORT && config.ADMIN_PORT + number,
});

/** Whether tokens come from an issuer of the application, besides those that this server signs. */
export const hasOutsideIssuer = ({
  JWKS_URL,
  ISSUER_SECRET,
  JWT_ISSUER,
}: Pick<Config, 'JWKS_URL' | 'ISSUER_SECRET' | 'JWT_ISSUER'>) =>
  [JWKS_URL, ISSUER_SECRET, JWT_ISSUER].some((setting) => setting !== undefined);

export const namesAdmins = ({ ADMIN_USERNAMES, ADMIN_SUBJECTS, JWT_ADMIN_CLAIM }: Config) =>
  ADMIN_USERNAMES.length > 0 || ADMIN_SUBJECTS.length > 0 || JWT_ADMIN_CLAIM !== undefined;

/** The lines of the file, without empty lines and comments. */
function readWords(path: string | undefined, faults: string[]): string[] {
  if (!path) return [];
  try {
    const lines = new TextDecoder('utf-8', { fatal: true })
      .decode(readFileSync(path))
      .split(/\r?\n/);
    return lines.map((line) => line.trim()).filter((line) => line !== '' && !line.startsWith('#'));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    faults.push(
      `WORD_FILTER names a file that cannot be read (${code === 'ERR_ENCODING_INVALID_ENCODED_DATA' ? 'it is not UTF-8' : code}): ${path}`,
    );
    return [];
  }
}

/** Whether each node has an ADMIN_PORT that is not PORT. */
function haveOwnPorts({
  PORT,
  ADMIN_PORT,
  NODES,
}: Pick<Config, 'PORT' | 'ADMIN_PORT' | 'NODES'>): boolean {
  if (!ADMIN_PORT) return true;
  const last = ADMIN_PORT + NODES - 1;
  return last <= 65_535 && (PORT < ADMIN_PORT || PORT > last);
}

function isProxyList(proxies: string[]): boolean {
  try {
    compile(proxies);
    return true;
  } catch {
    return false;
  }
}
