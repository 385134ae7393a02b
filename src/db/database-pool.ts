import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import pg from 'pg';
import { nameServers, type DatabaseServer, type DatabaseUrl } from '../database-url.ts';
import { StartError } from '../errors.ts';
import { requireChannelBinding } from './channel-binding.ts';
import type { Embedded } from './embedded.ts';

/** How to open one connection. */
interface Attempt {
  readonly server: DatabaseServer;
  readonly ssl: ConnectionOptions | false;
}

/**
 * The limits for each statement and transaction. PostgreSQL enforces them, so they hold when a node
 * is gone, too. In ms.
 */
export const timeLimits = {
  statement_timeout: 15_000,
  lock_timeout: 5000,
  idle_in_transaction_session_timeout: 15_000,
};

/** PgBouncer refuses every start-up parameter that it does not know. */
const refusedParameter = /^unsupported startup parameters?: (?:statement_|lock_|idle_)/;

/**
 * A pool with the one connection of the embedded database. Callers wait in the pool, which time
 * limits do not bound. All connections share one session, so a new one would find the statements
 * that the former one prepared.
 */
export const createEmbeddedPool = (
  connection: Embedded['connection'],
  options: pg.PoolConfig = {},
): pg.Pool =>
  new pg.Pool({
    application_name: 'causerie',
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    idleTimeoutMillis: 0,
    onConnect: (client) => client.query('discard all') as never,
    ...options,
    ...connection,
  });

/**
 * A pool for the servers of a connection URL. A new connection goes to the server that the latest
 * one reached. If that fails, the others are tried in order, so the pool follows a promoted
 * standby. Throws StartError if a file that the URL names cannot be read.
 */
export function createPool(url: DatabaseUrl, options: pg.PoolConfig = {}): pg.Pool {
  const attempts = listAttempts(url);
  let current = 0;
  let isLimited = true;
  /** The attempt that ended with this error. */
  const failures = new WeakMap<Error, number>();

  class PooledClient extends pg.Client {
    readonly attempt = current;

    constructor(config: pg.ClientConfig) {
      const { server, ssl } = attempts[current]!;
      // The pool hides the password, so a spread does not copy it.
      const { password } = config;
      super({ ...config, password, ...(isLimited ? timeLimits : {}), ...server, ssl });
      if (url.channelBinding === 'require') requireChannelBinding(this);
    }

    override connect(): Promise<this>;
    override connect(callback: (error: Error) => void): void;
    override connect(callback?: (error: Error) => void): Promise<this> | void {
      if (!callback) return super.connect() as Promise<this>;
      super.connect((error: Error) => {
        if (error) failures.set(error, this.attempt);
        callback(error);
      });
    }
  }

  const pool = new pg.Pool({
    application_name: url.applicationName ?? 'causerie',
    connectionTimeoutMillis: url.connectTimeoutMs ?? 5000,
    keepAlive: true,
    enableChannelBinding: url.channelBinding !== 'disable',
    ...options,
    ...(url.user !== undefined && { user: url.user }),
    ...(url.password !== undefined && { password: url.password }),
    ...(url.database !== undefined && { database: url.database }),
    ...(url.options !== undefined && { options: url.options }),
    Client: PooledClient as never,
    onConnect: (client) =>
      prepareSession(client, url.mustBeWritable).catch((error: Error) => {
        failures.set(error, (client as PooledClient).attempt);
        throw error;
      }) as never,
  });

  /**
   * Whether another attempt is to be made after this error. `tried` has the attempts that one
   * caller made.
   */
  const advance = (error: Error, tried: Set<number>): boolean => {
    const failed = failures.get(error) ?? failures.get(error.cause as Error);
    if (failed === undefined) return false;
    if (refusedParameter.test(error.message)) {
      isLimited = false;
      return true;
    }
    tried.add(failed);
    const next = nextAttempt(attempts, failed, error);
    if (next === undefined) return false;
    if (current === failed) current = next;
    return !tried.has(current);
  };
  const connect = pool.connect.bind(pool) as (callback: Connected) => void;
  const connectInTurn = (callback: Connected): void => {
    const tried = new Set<number>();
    const attempt = (): void =>
      connect((error, client, release) =>
        error && advance(error, tried) ? attempt() : callback(error, client, release),
      );
    attempt();
  };
  pool.connect = ((callback?: Connected) =>
    callback
      ? connectInTurn(callback)
      : new Promise<pg.PoolClient>((resolve, reject) =>
          connectInTurn((error, client) => (error ? reject(error) : resolve(client!))),
        )) as typeof pool.connect;
  return pool;
}

type Connected = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  release: (error?: Error | boolean) => void,
) => void;

/**
 * In the order of libpq: `prefer` tries TLS first, `allow` last. TLS does not apply to Unix
 * sockets.
 */
function listAttempts(url: DatabaseUrl): Attempt[] {
  const tls = readTls(url);
  return url.servers.flatMap((server) => {
    const encryptions = server.host.startsWith('/') ? [false as const] : tls;
    return encryptions.map((ssl) => ({ server, ssl }));
  });
}

function readTls({ tls }: DatabaseUrl): Attempt['ssl'][] {
  if (tls.mode === 'disable') return [false];
  const hasAuthority = tls.rootCertificate !== undefined && tls.rootCertificate !== 'system';
  const isVerified =
    tls.mode.startsWith('verify') || (tls.mode === 'require' && tls.rootCertificate !== undefined);
  const ssl: ConnectionOptions = {
    rejectUnauthorized: isVerified,
    ...(hasAuthority && { ca: readPem('sslrootcert', tls.rootCertificate) }),
    ...(tls.certificate !== undefined && { cert: readPem('sslcert', tls.certificate) }),
    ...(tls.key !== undefined && { key: readPem('sslkey', tls.key) }),
    // Only verify-full compares the name of the server. `require` with an authority is verify-ca,
    // as with libpq.
    ...(tls.mode !== 'verify-full' && hasAuthority && { checkServerIdentity: () => undefined }),
  };
  if (tls.mode === 'prefer') return [ssl, false];
  return tls.mode === 'allow' ? [false, ssl] : [ssl];
}

function readPem(parameter: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new StartError(
      `DATABASE_URL has ${parameter}=${path}, which cannot be read (${(error as { code?: string }).code}).`,
    );
  }
}

/** Class 28 (authorization) and 3D000 (no such database). Another server would answer the same. */
const finalStates = /^(28...|3D000)$/;

const unreachable =
  /^(ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|ENOENT|EACCES)$/;

/**
 * The place of the attempt after one that failed. Undefined if trying another server is useless.
 */
function nextAttempt(
  attempts: readonly Attempt[],
  failed: number,
  error: Error,
): number | undefined {
  const next = (failed + 1) % attempts.length;
  const isSameServer = attempts[next]!.server === attempts[failed]!.server;
  if (error instanceof pg.DatabaseError)
    return finalStates.test(error.code ?? '') && !(isSameServer && next > failed)
      ? undefined
      : next;
  // A server that cannot be reached is not tried again with other encryption. The pool reports a
  // time-out with the failure as its cause.
  const isUnreachable = unreachable.test(String('code' in error && error.code));
  if (!isUnreachable && error.cause === undefined) return next;
  const other = attempts.findIndex(
    ({ server }, place) => place > failed && server !== attempts[failed]!.server,
  );
  return Math.max(other, 0);
}

/**
 * Turns off just-in-time compilation, which takes longer than statements that read short parts of
 * indexes, and tells the planner that reading an index costs what it costs in memory or on an SSD.
 * Throws if the server must accept writes and does not.
 */
async function prepareSession(client: pg.ClientBase, mustBeWritable: boolean): Promise<void> {
  const { rows } = await client.query(
    `select set_config('jit', 'off', false), set_config('random_page_cost', '1.1', false), pg_is_in_recovery() or current_setting('default_transaction_read_only')::boolean as "isReadOnly"`,
  );
  if (mustBeWritable && rows[0].isReadOnly) throw new Error('the server accepts no writes');
}

/**
 * A pooler may ignore the limits or refuse them. Then they must be set where it cannot: for the
 * role. Throws StartError.
 */
export async function checkTimeLimits(pool: pg.Pool, url: DatabaseUrl): Promise<void> {
  const names = Object.keys(timeLimits);
  const { rows } = await pool.query<{ name: string }>(
    `select name from pg_settings where name = any($1) and setting = '0' order by name`,
    [names],
  );
  if (rows.length === 0) return;
  const { rows: roles } = await pool.query('select quote_ident(current_user) as role');
  const statements = Object.entries(timeLimits).map(
    ([name, ms]) => `  ALTER ROLE ${roles[0].role} SET ${name} = ${ms};`,
  );
  throw new StartError(
    `The pooler at ${nameServers(url)} does not pass on ${rows.map(({ name }) => name).join(', ')}. Set these limits for the role, then run RECONNECT on the pooler or restart it:\n${statements.join('\n')}`,
  );
}
