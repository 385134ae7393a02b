import type pg from 'pg';

/**
 * SQLSTATE: classes 08 (connection), 53 (resources) and 57P (shutdown), and the ends of a wait:
 * 55P03 (lock), 57014 (statement timeout), 25P03 (idle transaction), 40001 (serialization) and
 * 40P01 (deadlock). 25006 comes from a server that accepts no more writes.
 */
const sqlStates = /^(08...|53...|57P..|57014|55P03|40001|40P01|25P03|25006)$/;
/** Prisma: the database is unreachable or closed, or has no free connection. */
const prismaCodes = /^P(1001|1002|1008|1017|2024|2028|2034)$/;
/** Kinds of error of Prisma's driver adapter. */
const adapterKinds = /^(ConnectionClosed|DatabaseNotReachable|SocketTimeout|TooManyConnections)$/;
const systemCodes = /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)$/;
/** Ours: see `codeDriverErrors`. */
const driverCode = 'DRIVER_UNAVAILABLE';
const unavailableCodes = [
  sqlStates,
  prismaCodes,
  adapterKinds,
  systemCodes,
  new RegExp(`^${driverCode}$`),
];

/** The parts of an error of Prisma, of its adapter or of the driver. Each may wrap another. */
interface DatabaseError {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly kind?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/**
 * Whether an error means that the database is unreachable or overloaded, so that the same request
 * may succeed later.
 */
export const isUnavailable = (error: unknown): boolean =>
  codesOf(error).some((code) => unavailableCodes.some((known) => known.test(code)));

/** The codes of an error of the database, and of the errors that it wraps. */
export function codesOf(error: unknown): string[] {
  if (typeof error !== 'object' || error === null) return [];
  const { code, originalCode, kind, cause, meta }: DatabaseError = error;
  const own = [code, originalCode, kind].filter((value) => typeof value === 'string');
  return [...own, ...codesOf(cause), ...codesOf(meta?.driverAdapterError)];
}

/**
 * Gives a code to the errors that the driver reports without one: a lost connection, a timeout, a
 * closed pool. PostgreSQL and the system give codes to all of theirs.
 */
export function codeDriverErrors(pool: pg.Pool): void {
  pool.connect = withCodes(pool.connect.bind(pool)) as typeof pool.connect;
  pool.on('connect', (client) => {
    client.query = withCodes(client.query.bind(client)) as typeof client.query;
  });
}

type Call = (...values: readonly unknown[]) => unknown;

/**
 * The same function. It reports its errors with a callback, if the last argument is one, or with a
 * promise.
 */
function withCodes(call: unknown): Call {
  return (...values) => {
    const callback = values.at(-1);
    if (typeof callback === 'function') {
      const report = (error: unknown, ...results: unknown[]): unknown =>
        (callback as Call)(coded(error), ...results);
      return (call as Call)(...values.slice(0, -1), report);
    }
    const result = (call as Call)(...values);
    if (!(result instanceof Promise)) return result;
    return result.catch((error: unknown) => {
      throw coded(error);
    });
  };
}

/** Subclasses of Error, such as TypeError, report mistakes in the program. */
function coded(error: unknown): unknown {
  const isPlain = error instanceof Error && error.constructor === Error;
  return isPlain && !('code' in error) ? Object.assign(error, { code: driverCode }) : error;
}
