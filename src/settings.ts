import { availableParallelism } from 'node:os';
import { z } from 'zod';
import { parseDatabaseUrl } from './database-url.ts';
import { fileSettings } from './file-settings.ts';
import { gatewaySettings } from './gateway-settings.ts';
import { parseRedisUrl } from './redis-url.ts';
import { claimWithValue, list, onOrOff, parsed, retentionDays, secret } from './setting-types.ts';

/**
 * All settings: the name in the environment, the type, the default and the description that `npm
 * run print` writes into the docs.
 */
export const settings = {
  PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .default(4000)
    .describe('The port to listen on. `0` picks a free port.'),
  HOST: z
    .string()
    .optional()
    .describe(
      'The address to listen on. The default is `127.0.0.1` with the embedded database and `0.0.0.0` with `DATABASE_URL`.',
    ),
  DATA_DIR: z
    .string()
    .min(1)
    .default('./data')
    .describe(
      'The directory of the embedded database and, in `files`, of the files that users send. `memory` stores nothing permanently. With `DATABASE_URL`, it contains only the files: several nodes must share it, or use `S3_ENDPOINT`.',
    ),
  DATABASE_URL: parsed(parseDatabaseUrl)
    .optional()
    .describe(
      'The URL of a PostgreSQL database, version 14 or newer. Unix sockets, several hosts and `sslmode` work as with `psql`. Without it, the server uses its embedded database.',
    ),
  DATABASE_POOL: z.coerce
    .number()
    .int()
    .min(2)
    .max(500)
    .default(10)
    .describe('The number of connections to PostgreSQL that each node opens at most.'),
  REDIS_URL: parsed(parseRedisUrl)
    .optional()
    .describe(
      'The URL of Redis, version 6.2 or newer: one server, Sentinels (`redis://a,b,c?sentinel=NAME-OF-THE-MASTER`), or a Redis Cluster (`redis://a,b,c?cluster=true`). Several nodes need it to share events, presence and rates without delay. Requires `DATABASE_URL`.',
    ),
  NODES: z
    .union(
      [
        z.literal('auto').transform(() => availableParallelism()),
        z.coerce.number().int().min(1).max(128),
      ],
      {
        error: 'is neither a number from 1 to 128 nor `auto`',
      },
    )
    .default(1)
    .describe(
      'The number of nodes to run on this machine, each in a process of its own; `auto` runs one for each core. They share the port, and a node that ends is started again. More than one requires `REDIS_URL`. Each node opens its own database connections (`DATABASE_POOL`), and serves health and metrics on its own port, counted from `ADMIN_PORT`.',
    ),
  JWT_SECRET: secret
    .optional()
    .describe(
      'The key that signs and verifies tokens (HS256), at least 32 bytes. Required with `DATABASE_URL`. Without `DATABASE_URL`, the server generates one and keeps it in the data directory.',
    ),
  JWKS_URL: z
    .url({ protocol: /^https?$/, error: 'is not an http(s) URL' })
    .optional()
    .describe(
      "The URL of your issuer's public keys (JWKS). If it is set, your issuer's tokens must be signed with one of these keys.",
    ),
  ISSUER_SECRET: secret
    .optional()
    .describe(
      'The key with which your issuer signs the tokens of its users (HS256), at least 32 bytes. If it is set, `JWT_SECRET` verifies the tokens of this server only, so your issuer need not know it. Not together with `JWKS_URL`.',
    ),
  JWT_ISSUER: z
    .string()
    .min(1)
    .optional()
    .describe("The `iss` claim that your issuer's tokens must have."),
  JWT_AUDIENCE: z
    .string()
    .min(1)
    .optional()
    .describe("The `aud` claim that your issuer's tokens must have."),
  JWT_ADMIN_CLAIM: claimWithValue
    .optional()
    .describe(
      "The claim of your issuer's tokens that makes a user an admin, with the value it must have, such as `role:ADMIN`. If the claim is an array, it must contain the value. Dots lead into objects: `realm_access.roles:chat-admin`. Use a claim that users cannot edit.",
    ),
  ADMIN_SUBJECTS: list
    .default([])
    .describe(
      "The admins among your issuer's users: a comma-separated list of `sub` claims. Other claims of their tokens do not matter.",
    ),
  SERVICE_SUBJECTS: list
    .default([])
    .describe(
      "The backends that your issuer's tokens may stand for: a comma-separated list of `sub` claims. With `JWKS_URL`, `ISSUER_SECRET` or `JWT_ISSUER`, or if this list is not empty, only tokens of these subjects can be service tokens. Tokens from `npm run service-token` are always accepted.",
    ),
  SERVICE_CALLS_PER_SECOND: z.coerce
    .number()
    .int()
    .min(1)
    .max(100_000)
    .default(100)
    .describe(
      'The number of calls that each backend with a service token may make in a second, on average over 10 seconds. Bursts may be twice as long. Each call may concern up to 1,000 users or rooms.',
    ),
  AUDIT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(36_500)
    .default(365)
    .describe('The number of days for which the calls of backends are kept in the audit log.'),
  ADMIN_USERNAMES: list
    .default([])
    .describe(
      'The admins who sign in with a password: a comma-separated list of usernames. Sign up first, then restart the server with your username in this list. A listed username without an account can be signed up only on the machine that runs the server. A user whose name you remove loses the role at the next start, on all nodes.',
    ),
  SIGN_UP: onOrOff
    .optional()
    .describe(
      'Whether anyone can create an account with a password. The default is `off` with an issuer of your own (`JWKS_URL`, `ISSUER_SECRET` or `JWT_ISSUER`), otherwise `on`.',
    ),
  GUESTS: onOrOff
    .default('on')
    .describe('Whether anyone can take part as a guest, without an account.'),
  GUEST_SUPPORT: onOrOff
    .default('off')
    .describe('Whether guests have a support conversation, like users with an account.'),
  INVITATIONS: z
    .enum(['add', 'ask'])
    .default('add')
    .describe(
      'What `inviteToRoom` does: `add` makes the users members at once, `ask` makes invitations that they accept or decline.',
    ),
  USER_DIRECTORY: z
    .enum(['everyone', 'contacts', 'off'])
    .default('everyone')
    .describe(
      'The users that `users` lists to users who are not admins: `everyone`, `contacts` (users who share a conversation with them, other than the default room), or `off` for none. A search for an exact username always finds its user.',
    ),
  ALLOWED_ORIGINS: list
    .optional()
    .describe(
      'The origins whose pages may use this server, besides its own: a comma-separated list such as `https://app.example`. `loopback` allows all pages that this machine serves, such as `http://localhost:5173`; it is the default with the embedded database. `*` allows every origin; the server then ignores cookies.',
    ),
  TRUSTED_DOCUMENTS: list
    .default([])
    .describe(
      'The files with the only GraphQL documents that clients may run: a comma-separated list of paths to JSON files, as GraphQL Code Generator, Relay, gql.tada or Apollo write them. `client` stands for the documents of the SDK and the web client. Empty: all documents run. GraphiQL is off if the list is not empty.',
    ),
  TRUSTED_PROXIES: list
    .default([])
    .describe(
      'The proxies in front of the server: a comma-separated list of addresses, ranges such as `10.0.0.0/8`, or `loopback`, `linklocal`, `uniquelocal`. The server takes the address of a client from their `X-Forwarded-For` header. Limits for each address, such as for sign-in attempts, depend on it.',
    ),
  DEFAULT_ROOM: z
    .string()
    .trim()
    .max(64)
    .default('lobby')
    .describe(
      'The name of a public room that the server creates at the first start and that every new user joins. Empty: no such room.',
    ),
  WORD_FILTER: z
    .string()
    .min(1)
    .optional()
    .describe(
      'The path of a file with forbidden words or phrases, one per line, in UTF-8. Lines that begin with `#` are comments. The server reads the file at start. It finds whole words, in upper and lower case, in messages, in names of rooms, users and files, and in topics.',
    ),
  WORD_FILTER_MODE: z
    .enum(['refuse', 'mask'])
    .default('refuse')
    .describe(
      'How the server treats a text with a forbidden word: `refuse` refuses the text, `mask` replaces the word with asterisks. Usernames and names of rooms are always refused.',
    ),
  EVENT_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(7)
    .describe(
      'The number of days for which events are kept. Clients can resume only within this time. Messages are kept separately.',
    ),
  NOTIFICATION_RETENTION_DAYS: z.coerce
    .number()
    .int()
    .min(1)
    .max(3650)
    .default(90)
    .describe(
      'The number of days for which notifications are kept, read or unread. Must be greater than `EVENT_RETENTION_DAYS`, because events refer to notifications.',
    ),
  ROOM_RETENTION_DAYS: retentionDays.describe(
    'The number of days for which messages in rooms are kept. `0` keeps them permanently. Older messages are deleted in the background, as if their authors had deleted them.',
  ),
  DIRECT_RETENTION_DAYS: retentionDays.describe(
    'The number of days for which messages in direct conversations are kept. `0` keeps them permanently.',
  ),
  SUPPORT_RETENTION_DAYS: retentionDays.describe(
    'The number of days for which messages in support conversations are kept. `0` keeps them permanently.',
  ),
  DELETED_ACCOUNTS_MESSAGES: z
    .enum(['keep', 'delete'])
    .default('keep')
    .describe(
      'What happens to the messages and reactions of deleted accounts and removed guests: `keep` shows them as those of a deleted user, `delete` deletes them.',
    ),
  ...fileSettings,
  ...gatewaySettings,
  UNSENT_MAX_MB: z.coerce
    .number()
    .int()
    .min(16)
    .max(65_536)
    .default(256)
    .describe(
      'The memory in MiB that unsent data for all clients of a node may take together. Beyond it, the node disconnects the clients that hold the most.',
    ),
  SLOW_OPERATION_MS: z.coerce
    .number()
    .int()
    .min(0)
    .max(600_000)
    .default(1000)
    .describe(
      'The time in ms from which a query or a mutation is logged as slow, with the name in its document. `0` logs none.',
    ),
  ADMIN_PORT: z.coerce
    .number()
    .int()
    .min(0)
    .max(65_535)
    .optional()
    .describe(
      'The port of `/health/live`, `/health/ready` and `/metrics`, on the same address as the API. If it is set, the port of the API no longer serves them. Do not make it public. `0` picks a free port. Without it, they are on `PORT`, and the proxy must hide them.',
    ),
  RATE_LIMITS: onOrOff.default('on').describe('`off` disables rate limits, for load tests.'),
  LOG_LEVEL: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe(
      'The least important level that is logged: `debug`, `info`, `warn`, `error`, or `silent` for nothing.',
    ),
} as const;
