import type { Bench } from '../bench.ts';
import { atMost, rowOf, type Row } from '../row.ts';
import { openStand, type Peer } from '../stand.ts';
import type { Site } from '../site.ts';

/** What a connection costs that follows one room: how much the server's resident memory grows, from a tenth of the connections to all, divided by them. */
export async function memory({ site, connections, say }: Bench): Promise<Row[]> {
  const perConnection: Partial<Record<Peer, number>> = {};
  for (const peer of ['causerie', 'raw', 'vanilla'] as const) {
    say(`${connections} connections to ${peer}`);
    perConnection[peer] = await measure(site, peer, connections);
  }
  const measured = {
    causerie: [perConnection.causerie!],
    raw: [perConnection.raw!],
    vanilla: [perConnection.vanilla!],
  };
  return [
    rowOf(
      `memory of a connection with one subscription, of ${connections.toLocaleString('en')}`,
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
  // What the first tenth set up, compiled code and caches, stays and is no connection's.
  await load.run('grow', connections / 10);
  const before = await server.residentBytes();
  await load.run('grow', connections);
  return ((await server.residentBytes()) - before) / (connections * 0.9) / 1024;
}
