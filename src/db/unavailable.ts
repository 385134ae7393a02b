/** SQLSTATE classes 08 (connection), 53 (resources), 57P (shutdown), and what waits end with: 55P03 (lock), 57014 (statement timeout), 40001 and 40P01. */
const sqlStates = /^(08...|53...|57P..|57014|55P03|40001|40P01|25P03)$/;
/** Prisma's codes for a database that is not reached, is closed, or has no connection to spare. */
const prismaCodes = /^P(1001|1002|1008|1017|2024|2028|2034)$/;
const systemCodes = /^E(CONNREFUSED|CONNRESET|PIPE|TIMEDOUT|HOSTUNREACH|NOTFOUND)$/;
const messages = /Connection terminated|Query read timeout|timeout exceeded when trying to connect|connection is closed|not queryable|Server has closed the connection/i;

/** Whether an error comes of the database being away or overwhelmed, so that the same may succeed later. */
export function isUnavailable(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    const code = String((cause as { code?: unknown }).code ?? '');
    const original = String((cause as { originalCode?: unknown }).originalCode ?? '');
    if (sqlStates.test(code) || sqlStates.test(original) || prismaCodes.test(code) || systemCodes.test(code) || messages.test(cause.message)) return true;
  }
  return false;
}
