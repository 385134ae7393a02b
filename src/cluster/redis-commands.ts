import type { ChainableCommander } from 'ioredis';

const chunkSize = 1000;

/** Sends the commands, and returns their results. Throws if one of them failed. */
export async function run(commands: ChainableCommander): Promise<unknown[]> {
  const results = await commands.exec();
  return (results ?? []).map(([error, result]) => {
    if (error) throw error;
    return result;
  });
}

/** Divides the values into parts that fit in one command. */
export function* chunks(values: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < values.length; from += chunkSize)
    yield values.slice(from, from + chunkSize);
}
