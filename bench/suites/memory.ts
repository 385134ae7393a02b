import type { Bench } from '../bench.ts';
import { atMost, rowOf, thousands, type Row } from '../row.ts';
import { openStand, type Peer } from '../stand.ts';
import type { Site } from '../site.ts';

/**
 * The memory of a connection that follows one room: the growth of the server's resident memory from
 * a tenth of the connections to all, per connection.
 */
export async function memory({ site, connections, log }: Bench): Promise<Row[]> {
  const perConnection: Partial<Record<Peer, number>> = {};
  for (const peer of ['causerie', 'raw', 'vanilla'] as const) {
    log(`${connections} connections to ${peer}`);
    perConnection[peer] = await measure(site, peer, connections);
  }
  const measured = {
    causerie: [perConnection.causerie!],
    raw: [perConnection.raw!],
    vanilla: [perConnection.vanilla!],
  };
  return [
    rowOf(
      `memory of a connection with one subscription, of ${thousands(connections)}`,
      'KB',
      measured,
      ({ toRaw }) => [atMost('≤ 1.5 × raw', toRaw, 1.5)],
    ),
  ];
}

async function measure(site: Site, peer: Peer, connections: number): Promise<number> {
  await using stand = await openStand(site, peer);
  const { gather, load, server } = stand;
  await gather([site.seed.crowd]);
  // Compiled code and caches do not belong to a connection. The first tenth creates them before the
  // measurement.
  await load.run('grow', connections / 10);
  const before = await server.residentBytes();
  await load.run('grow', connections);
  return ((await server.residentBytes()) - before) / (connections * 0.9) / 1024;
}
