import type { Bench } from '../bench.ts';
import { atMost, rowOf, type Row } from '../row.ts';
import { openStand, type Peer } from '../stand.ts';
import type { Site } from '../site.ts';

/** What a connection costs that follows one room: the growth of the server's resident memory, after full collections, divided by the connections. */
export async function memory({ site, connections, say }: Bench): Promise<Row[]> {
  const perConnection: Partial<Record<Peer, number>> = {};
  for (const peer of ['causerie', 'raw', 'vanilla'] as const) {
    say(`${connections} connections to ${peer}`);
    perConnection[peer] = await measure(site, peer, connections);
  }
  const measured = { causerie: [perConnection.causerie!], raw: [perConnection.raw!], vanilla: [perConnection.vanilla!] };
  return [rowOf(`memory of a connection with one subscription, of ${connections.toLocaleString('en')}`, 'KB', measured, ({ toRaw }) => [atMost('≤ 1.5 × raw', toRaw, 1.5)])];
}

async function measure(site: Site, peer: Peer, connections: number): Promise<number> {
  await using stand = await openStand(site, peer);
  const { gather, load, server } = stand;
  // What the first connections set up, compiled code and caches, stays and is no connection's.
  await gather([site.seed.crowd]);
  await load.run('grow', 1000);
  await load.run('cut');
  await new Promise((resolve) => setTimeout(resolve, 1000));
  const before = await server.residentBytes();
  await gather([site.seed.crowd]);
  await load.run('grow', connections);
  return (await server.residentBytes() - before) / connections / 1024;
}
