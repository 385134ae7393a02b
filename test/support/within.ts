/** Settles like the promise. Rejects, naming `what`, if that takes longer than the timeout. */
export async function within<Value>(
  what: string,
  promise: Promise<Value>,
  timeoutMs = 15_000,
): Promise<Value> {
  let timer: NodeJS.Timeout | undefined;
  const tooLate = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`not within ${timeoutMs} ms: ${what}`)), timeoutMs);
  });
  return Promise.race([promise, tooLate]).finally(() => clearTimeout(timer));
}
