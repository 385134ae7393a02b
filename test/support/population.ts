import { setTimeout as sleep } from 'node:timers/promises';

/** What a node holds for its clients. After all of them have gone it has to be what it was. */
export type Population = Readonly<Record<(typeof gauges)[number], number>>;

const gauges = ['connections', 'subscribers', 'live_operations', 'feeds', 'online_users'] as const;

export async function populationOf(url: string): Promise<Population> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const read = (name: string) =>
    Number(new RegExp(`^causerie_${name} (\\d+)$`, 'm').exec(text)?.[1]);
  return Object.fromEntries(gauges.map((name) => [name, read(name)])) as Population;
}

/**
 * How each gauge differs from before, once it has been the same for a while or the patience is
 * over; empty when nothing is left.
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
