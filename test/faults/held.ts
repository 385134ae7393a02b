import type { Held } from './checker/leftovers.ts';

/**
 * The metrics of a node, by name with labels as Prometheus writes them. Rejects when it does not
 * answer within 3 s.
 */
export async function readMetrics(url: string): Promise<Map<string, number>> {
  const response = await fetch(new URL('/metrics', url), { signal: AbortSignal.timeout(3000) });
  const lines = (await response.text())
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(
    lines.map((line) => [
      line.slice(0, line.lastIndexOf(' ')),
      Number(line.slice(line.lastIndexOf(' ') + 1)),
    ]),
  );
}

/** The resources that a node holds for clients now. */
export async function readHeld(url: string): Promise<Held> {
  const metrics = await readMetrics(url);
  const gauge = (name: string) => metrics.get(`causerie_${name}`) ?? 0;
  return {
    connections: gauge('connections'),
    subscribers: gauge('subscribers'),
    liveOperations: gauge('live_operations'),
    feeds: gauge('feeds'),
  };
}
