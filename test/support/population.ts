import { setTimeout as sleep } from 'node:timers/promises';

/**
 * The resources that a node holds for its clients. They must return to their former values after
 * all clients have left.
 */
export type Population = Readonly<Record<(typeof gauges)[number], number>>;

const gauges = ['connections', 'subscribers', 'live_operations', 'feeds', 'online_users'] as const;

export async function populationOf(url: string): Promise<Population> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const read = (name: string) =>
    Number(new RegExp(`^causerie_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return Object.fromEntries(gauges.map((name) => [name, read(name)])) as Population;
}

/**
 * The differences of the gauges to their former values, as soon as they are stable or the timeout
 * has passed. Empty if nothing is left.
 */
export async function leftOver(
  url: string,
  before: Population,
  patienceMs = 8000,
): Promise<Partial<Population>> {
  const deadline = Date.now() + patienceMs;
  for (;;) {
    const now = await populationOf(url);
    const left = gauges.filter((name) => now[name] !== before[name]);
    if (left.length === 0 || Date.now() > deadline)
      return Object.fromEntries(left.map((name) => [name, now[name] - before[name]]));
    await sleep(50);
  }
}

/** Timers of this process that keep it alive, for nodes that run in it. */
export const runningTimers = (): number =>
  process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
