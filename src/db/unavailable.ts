/** SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown), and what waits end with: 55P03 (lock), 57014 (statement timeout), 40001 and 40P01. */
const sqlStates = /^(08...|53...|57P..|57014|55P03|40001|40P01|25P03)$/;
/** Prisma's codes for a database that is not reached, is closed, or has no connection to spare. */
const prismaCodes = /^P(1001|1002|1008|1017|2024|2028|2034)$/;
const systemCodes = /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)$/;
const messages =
  /Cannot use a pool after calling end|Connection terminated|ConnectionClosed|DatabaseNotReachable|Query read timeout|timeout exceeded when trying to connect|connection is closed|not queryable|Server has closed the connection/i;

/** What errors of Prisma, of its adapter and of the driver say of themselves; each may wrap another. */
interface Told {
  readonly code?: unknown;
  readonly originalCode?: unknown;
  readonly message?: unknown;
  readonly cause?: unknown;
  readonly meta?: { readonly driverAdapterError?: unknown };
}

/** Whether an error comes of the database being away or overwhelmed, so that the same may succeed later. */
export function isUnavailable(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  const { code, originalCode, message, cause, meta }: Told = error;
  const codes = [code, originalCode].map(String);
  if (
    codes.some(
      (told) => sqlStates.test(told) || prismaCodes.test(told) || systemCodes.test(told),
    ) ||
    messages.test(String(message))
  )
    return true;
  return isUnavailable(cause) || isUnavailable(meta?.driverAdapterError);
}
