import { inTurn, type Bench } from '../bench.ts';
import { atMost, rowOf, type Row } from '../row.ts';
import { openStand, type Stand } from '../stand.ts';
import type { Server } from '../server.ts';

const missed = 250;
const pageSize = 100;

/**
 * All followers of a room are disconnected, miss events, and reconnect at once. Vanilla and raw
 * only accept them again: the missed events are lost.
 */
export async function resume({ site, isQuick, rounds, log }: Bench): Promise<Row[]> {
  const followers = isQuick ? 1000 : 10_000;
  const roomId = site.seed.crowd;
  const name = `${followers.toLocaleString('en')} come back`;
  await using ours = await openStand(site, 'causerie');
  await using theirs = await openStand(site, 'vanilla');
  await using raw = await openStand(site, 'raw');
  for (const stand of [ours, theirs, raw]) await stand.connectSenders(10);

  async function comeBack({ peer, server, load, gather }: Stand) {
    const after = peer === 'causerie' ? await missEvents(ours, roomId) : undefined;
    const reads = peer === 'causerie' ? await logReads(server) : 0;
    const cpuBefore = server.cpuMs();
    const startedAt = performance.now();
    await gather([roomId], { after, replayed: after === undefined ? 0 : missed });
    await load.run('grow', followers);
    const seconds = (performance.now() - startedAt) / 1000;
    const cpuMs = (server.cpuMs() - cpuBefore) / followers;
    const readsNow = peer === 'causerie' ? await logReads(server) : 0;
    await load.run('cut');
    return { seconds, cpuMs, reads: readsNow - reads };
  }

  log(name);
  const [causerie, vanilla, bare] = await inTurn(
    Math.min(rounds, 2),
    [ours, theirs, raw],
    comeBack,
  );
  const pages = Math.ceil(missed / pageSize);
  return [
    rowOf(
      `${name} and resume ${missed} events each`,
      's',
      {
        causerie: causerie!.map(({ seconds }) => seconds),
        vanilla: vanilla!.map(({ seconds }) => seconds),
        raw: bare!.map(({ seconds }) => seconds),
      },
      undefined,
      'vanilla and raw: come back only',
    ),
    rowOf(
      `${name} and resume ${missed} events each`,
      'ms of CPU each',
      {
        causerie: causerie!.map(({ cpuMs }) => cpuMs),
        vanilla: vanilla!.map(({ cpuMs }) => cpuMs),
        raw: bare!.map(({ cpuMs }) => cpuMs),
      },
      undefined,
      'vanilla and raw: come back only',
    ),
    rowOf(
      `${name} and resume ${missed} events each`,
      'log reads',
      { causerie: causerie!.map(({ reads }) => reads) },
      ({ value }) => [atMost('≤ 1 a topic and page', value, pages)],
    ),
  ];
}

/** Disconnects a follower, and then sends events that it misses. Returns its last cursor. */
async function missEvents({ gather, load }: Stand, roomId: string): Promise<string> {
  await gather([roomId]);
  await load.run('grow', 1);
  await load.run('settle', { roomId, messageBytes: 300 });
  const cursor = /"cursor":"([^"]+)"/.exec(await load.run('sample'))![1]!;
  await load.run('cut');
  // Until the node has released its state of the room.
  await new Promise((resolve) => setTimeout(resolve, 3500));
  await load.run('send', { roomId, count: missed });
  return cursor;
}

async function logReads({ url }: Server): Promise<number> {
  const metrics = await (await fetch(`${url}/metrics`)).text();
  return Number(/^causerie_log_reads_total (\d+)/m.exec(metrics)![1]);
}
