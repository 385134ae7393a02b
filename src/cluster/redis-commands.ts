import type { ChainableCommander } from 'ioredis';

const atOnce = 1000;

/** Sends what was gathered, and returns the results. Throws when one of the commands failed. */
export async function run(commands: ChainableCommander): Promise<unknown[]> {
  const results = await commands.exec();
  return (results ?? []).map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}

/** As many as go with one command. */
export function* chunks(values: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < values.length; from += atOnce) yield values.slice(from, from + atOnce);
}
