import { readFileSync } from 'node:fs';
import { compile } from 'proxy-addr';
import { z } from 'zod';
import { StartError } from './errors.ts';

/** The shortest key for HS256 (RFC 7518, section 3.2). */
export const secretMinBytes = 32;

const list = z.string().transform((text) =>
  text
    .split(',')
    .map((item) => item.trim())
    .filter(Boolean),
);
const secret = z.string().refine((text) => Buffer.byteLength(text) >= secretMinBytes, {
  error: `is shorter than ${secretMinBytes} bytes; use 32 random bytes or more, e.g. from \`openssl rand -base64 32\``,
});
const onOrOff = z.enum(['on', 'off']);

/** A claim and the value that counts. The value follows the last colon, because the name of a claim may be a URL. */
const claimWithValue = z
  .string()
  .regex(/^.+:[^:]+$/, 'is not the name of a claim and a value, like role:ADMIN')
  .transform((text) => {
    const end = text.lastIndexOf(':');
    return { name: text.slice(0, end), value: text.slice(end + 1) };
  });

/** Claims that identity providers let users write themselves (OpenID Connect Core, section 5.1), and `sub`, which has a setting. */
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

const retentionDays = z.coerce.number().int().min(0).max(36_500).default(0);

/** Every setting once: its name in the environment, its type and default, and what it is for. */
export const settings = {
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4000)
    .describe('The port to listen on; 0 takes a free one.'),
  HOST: z
    .string()
    .optional()
    .describe(
      'The address to listen on. By default `127.0.0.1` embedded, `0.0.0.0` with `DATABASE_URL`.',
    ),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe(
      'Where the embedded database lives. `memory` keeps nothing. Not used with `DATABASE_URL`.',
    ),
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'is not a URL like postgresql://user:password@host:5432/database',
    })
    .optional()
    .describe('PostgreSQL 14 or newer. Without it the database is embedded.'),
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(500)
    .default(10)
    .describe('Connections to PostgreSQL for each node.'),
  REDIS_URL: z
    .url({ protocol: /^rediss?$/, error: 'is not a URL like redis://host:6379' })
    .optional()
    .describe(
      'Redis 6.2 or newer, which lets several nodes on one PostgreSQL act as one. Needs `DATABASE_URL`.',
    ),
  JWT_SECRET: secret
    .optional()
    .describe(
      'The key that signs and checks tokens (HS256). Required with `DATABASE_URL`; embedded, one is made and kept in the data directory.',
    ),
  JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
    .optional()
    .describe(
      "Where your issuer publishes its public keys. With it, your issuer's tokens must be signed by one of them.",
    ),
  JWT_ISSUER: z
    .string()
    .min(1)
    .optional()
    .describe("The `iss` that your issuer's tokens must carry."),
  JWT_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe("The `aud` that your issuer's tokens must carry."),
  JWT_ADMIN_CLAIM: claimWithValue
    .optional()
    .describe(
      "The claim of your issuer's tokens that makes a user an admin, and its value: `role:ADMIN`. An array must contain the value; dots lead into objects, as in `realm_access.roles:chat-admin`. Use a claim that users cannot edit.",
    ),
  ADMIN_SUBJECTS: list
    .default([])
    .describe(
      "Comma-separated `sub`s of your issuer's tokens. These users are admins, whatever their tokens claim.",
    ),
  SERVICE_SUBJECTS: list
    .default([])
    .describe(
      "Comma-separated `sub`s of your issuer's tokens that may be service tokens, if their `scope` says so. Needed with `JWKS_URL` or `JWT_ISSUER`; tokens from `npm run service-token` are always accepted.",
    ),
  ADMIN_USERNAMES: list
    .default([])
    .describe(
      'Comma-separated usernames of admins who sign in here with a password. Sign up first, then start the server with your username in this list. A username in the list that nobody has yet can only be signed up on the machine that runs the server. A name that is removed loses the role at the next start, on all nodes.',
    ),
  SIGN_UP: onOrOff
    .optional()
    .describe(
      'Whether anybody may create an account with a password. By default `off` with an issuer of your own (`JWKS_URL` or `JWT_ISSUER`), otherwise `on`.',
    ),
  GUESTS: onOrOff
    .default('on')
    .describe('Whether anybody may take part as a guest, without an account.'),
  ALLOWED_ORIGINS: list
    .default([])
    .describe(
      'Comma-separated origins (`https://app.example`) whose pages may use this server, besides its own. `*` allows every origin; cookies then do not count.',
    ),
  TRUSTED_PROXIES: list
    .default([])
    .describe(
      'Comma-separated addresses or ranges of the proxies in front (`10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`). Their `X-Forwarded-For` says where a client is, which attempts to sign in are counted by.',
    ),
  DEFAULT_ROOM: z
    .string()
    .trim()
    .max(64)
    .default('lobby')
    .describe(
      'A public room that exists from the first start and is joined at sign-up. Empty: none.',
    ),
  WORD_FILTER: z
    .string()
    .min(1)
    .optional()
    .describe(
      'A file of words or phrases that are not allowed, one a line, in UTF-8; lines that begin with `#` are left out. It is read at start. They are found as whole words, in upper and lower case, in messages, names of rooms and users, and topics.',
    ),
  WORD_FILTER_MODE: z
    .enum(['refuse', 'mask'])
    .default('refuse')
    .describe(
      'What becomes of a text with such a word: it is refused, or the word is written in asterisks. Usernames and names of rooms are refused in either case.',
    ),
  EVENT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe(
      'How long the event log is kept, from which followers resume. Messages are not part of it.',
    ),
  NOTIFICATION_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe(
      'How long notifications are kept, read or not. Longer than the event log, which speaks of them.',
    ),
  ROOM_RETENTION_DAYS: retentionDays.describe(
    'How long messages in rooms are kept; 0: for ever. What is older is deleted, as by its author, in the background.',
  ),
  DIRECT_RETENTION_DAYS: retentionDays.describe('The same for direct conversations.'),
  SUPPORT_RETENTION_DAYS: retentionDays.describe('The same for support conversations.'),
  DELETED_ACCOUNTS_MESSAGES: z
    .enum(['keep', 'delete'])
    .default('keep')
    .describe(
      'What becomes of the messages and reactions of who deletes their account, and of guests who are removed: they stay, by a deleted user, or are deleted, too.',
    ),
  UNSENT_MAX_MB: z.coerce
    .number()
    .int()
    .min(16)
    .max(65_536)
    .default(256)
    .describe(
      'Memory, in MiB, for what waits to be sent to all clients of a node together. Beyond it, the clients that hold the most are disconnected.',
    ),
  RATE_LIMITS: onOrOff.default('on').describe('`off` switches rates off, for load tests.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('How much is logged.'),
} as const;

/** Limits and timers that promises speak of. They are no settings: a client may rely on them. Tests pass shorter ones. */
export const defaultLimits = {
  messageMaxCharacters: 4000,
  pageDefault: 50,
  pageMax: 100,
  replayMax: 1000,
  frameMaxBytes: 64 * 1024,
  queryMaxTokens: 2000,
  queryMaxDepth: 12,
  queryMaxAliases: 30,
  /** Operations and fragments in one document. */
  queryMaxDefinitions: 60,
  /** Pairs of fields that have one name in one place of the answer, fragments included: validation compares each with each [P13]. */
  queryMaxComparisons: 2000,
  /** Fields and fragments selected in a document, those of a fragment counted wherever it is spread [P13]. */
  queryMaxSelections: 2000,
  queryMaxCost: 25_000,
  /** What one event of a subscription may cost [P13]. */
  eventMaxCost: 500,
  /** What one event may cost in all different subscriptions of a user to its topic together [P13]. */
  eventCostPerTopic: 2000,
  /** What all different subscriptions of a user may cost together, an event of each [P13]. */
  eventCostPerUser: 100_000,
  /** Memory of parsed documents that a node keeps, in bytes [P13]. */
  documentsMaxBytes: 32 * 1024 * 1024,
  /** Characters of documents that are not known yet which an address may send at once, and in each second on average [P13]. */
  newDocumentsBurst: 300_000,
  newDocumentsPerSecond: 30_000,
  operationsPerConnection: 100,
  runningOperationsPerConnection: 16,
  connectionsPerUser: 20,
  connectionInitMs: 5000,
  pingIntervalMs: 25_000,
  pongTimeoutMs: 10_000,
  accessTokenMs: 15 * 60_000,
  /** Guests cannot refresh: this is their whole stay. */
  guestTokenMs: 24 * 3_600_000,
  refreshTokenMs: 30 * 24 * 3_600_000,
  /** So long after its first use a refresh token is taken again, since the answer may have been lost [P10]. */
  refreshRepeatMs: 60_000,
  /** Further ones end those that were used least recently. */
  sessionsPerUser: 100,
  sendsPerWindow: 10,
  sendsBurst: 20,
  sendsWindowMs: 10_000,
  /**
   * The largest answer. The SDK's largest page needs 6 MB: 100 messages of 4,000 characters of 4 bytes, each a reply to another one,
   * with mentions and reactions.
   */
  answerMaxBytes: 8 * 1024 * 1024,
  /** The largest event of a subscription. */
  eventMaxBytes: 512 * 1024,
  /** Bytes that may wait for a reader on one connection before it is switched to replay, and read no further [P5]. */
  connectionBufferBytes: 1024 * 1024,
  /** The most that waits for a reader on one connection, with the answers that are being made for it [P13]. */
  connectionMaxBytes: 32 * 1024 * 1024,
  /** What waits for a reader must leave within this time, and a second more for each `drainBytesPerSecond` that waits before it [P5]. */
  writeDeadlineMs: 30_000,
  drainBytesPerSecond: 16 * 1024,
  /** How long a reader that missed it may still take to read why its connection is closed. */
  farewellMs: 5000,
  /** Events that a topic keeps at the most, whatever their age. */
  eventsKeptPerTopic: 100_000,
  /** How long after their last connection guests are removed: a guest's token is their only one, so none outlives it. */
  guestKeptMs: 24 * 3_600_000,
  /** How often a node looks for what is to be cleared away. */
  maintenanceMs: 5 * 60_000,
  /** How often a node looks for notifications that another has left undelivered. */
  deliveryCheckMs: 2000,
  /** How often a node compares its topics with the log [P4]. */
  headCheckMs: 1000,
  drainMs: 10_000,
  /** For how long one is told to be typing unless it is repeated [P7]. */
  typingTtlMs: 8000,
  /** Repeats within this time are not told again. */
  typingResendMs: 2000,
  /** How often a node says that it and its users are still there [P7]. */
  presenceRefreshMs: 25_000,
  /** So long after a node died at the latest, its users are told to be gone [P7]. More than twice the grace and the refresh together. */
  presenceTtlMs: 60_000,
  /** So late it is told that somebody left, so that a reload is no farewell [P7]. */
  leaveGraceMs: 10_000,
  /** A room of the lobby is told of at most once in so many ms. */
  lobbyIntervalMs: 250,
};

export type Limits = typeof defaultLimits;

const environmentSchema = z.object(settings);
export type Config = z.output<typeof environmentSchema> & {
  readonly HOST: string;
  readonly SIGN_UP: 'on' | 'off';
  readonly limits: Limits;
  readonly forbiddenWords: readonly string[];
};

/** Reads the environment. Throws one StartError that names every fault at once. An empty value is a value left out. */
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
    faults.push('REDIS_URL needs DATABASE_URL: nodes that share a bus must share a database');
  if (given.DATABASE_URL && !given.JWT_SECRET)
    faults.push(
      'JWT_SECRET is required with DATABASE_URL: every node must know the same, e.g. from `openssl rand -base64 32`',
    );
  if (parsed.data && !isProxyList(parsed.data.TRUSTED_PROXIES))
    faults.push(
      'TRUSTED_PROXIES has an entry that is neither an address, a range, nor one of loopback, linklocal, uniquelocal',
    );
  if (given.JWT_ISSUER === 'causerie')
    faults.push(
      'JWT_ISSUER must not be `causerie`: that is the issuer of the tokens of this server itself',
    );
  const adminClaim = given.JWT_ADMIN_CLAIM?.split(/[.:]/, 1)[0];
  if (adminClaim === 'sub')
    faults.push('JWT_ADMIN_CLAIM names `sub`: list the admins in ADMIN_SUBJECTS instead');
  else if (adminClaim !== undefined && claimsThatGiveNoRole.includes(adminClaim))
    faults.push(
      `JWT_ADMIN_CLAIM names \`${adminClaim}\`, which users may edit: name a claim that only your issuer writes`,
    );
  if (parsed.data && parsed.data.NOTIFICATION_RETENTION_DAYS <= parsed.data.EVENT_RETENTION_DAYS)
    faults.push(
      'NOTIFICATION_RETENTION_DAYS must be more than EVENT_RETENTION_DAYS: the event log speaks of notifications',
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
    SIGN_UP: data.SIGN_UP ?? (hasOutsideIssuer(data) ? 'off' : 'on'),
    limits: { ...defaultLimits, ...limits },
    forbiddenWords,
  };
}

/** Whether the application has an issuer of its own, besides the key that this server signs with. */
export const hasOutsideIssuer = ({
  JWKS_URL,
  JWT_ISSUER,
}: Pick<Config, 'JWKS_URL' | 'JWT_ISSUER'>) => JWKS_URL !== undefined || JWT_ISSUER !== undefined;

export const namesAdmins = ({ ADMIN_USERNAMES, ADMIN_SUBJECTS, JWT_ADMIN_CLAIM }: Config) =>
  ADMIN_USERNAMES.length > 0 || ADMIN_SUBJECTS.length > 0 || JWT_ADMIN_CLAIM !== undefined;

/** The lines of the file that are words. */
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

function isProxyList(proxies: string[]): boolean {
  try {
    compile(proxies);
    return true;
  } catch {
    return false;
  }
}
