import { inTurn, type Bench } from '../bench.ts';
import { atMost, rowOf, type Row } from '../row.ts';
import { openStand, type Stand } from '../stand.ts';

const perSecond = 1000;
const followersPerRoom = 2;
const senderCount = 50;

/**
 * The time from the moment a send is due until a follower receives it, at a thousand sends per
 * second to a hundred rooms with two followers each.
 */
export async function sendToReceived({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  const { rooms } = site.seed;
  const rows: Row[] = [];
  for (const beside of [false, true]) {
    log(`send to received ${beside ? 'across two nodes' : 'on one node'}`);
    await using ours = await openStand(site, 'causerie', { beside });
    await using theirs = await openStand(site, 'vanilla', { beside });
    for (const stand of [ours, theirs]) {
      await stand.connectSenders(senderCount);
      await stand.gather(rooms);
      await stand.load.run('grow', rooms.length * followersPerRoom);
    }
    const run = ({ load }: Stand) =>
      load.run('sendAtRate', { rooms, perSecond, forMs: isQuick ? 1000 : 3000, followersPerRoom });
    const [causerie, vanilla] = await inTurn(rounds, [ours, theirs], run);
    const name = `send to received ${beside ? 'across two nodes' : 'on one node'}`;
    const p50 = rowOf(`${name}, median`, 'ms', {
      causerie: causerie!.map(({ p50 }) => p50),
      vanilla: vanilla!.map(({ p50 }) => p50),
    });
    const p99 = rowOf(
      `${name}, 99th percentile`,
      'ms',
      { causerie: causerie!.map(({ p99 }) => p99), vanilla: vanilla!.map(({ p99 }) => p99) },
      ({ value }) => [atMost("below vanilla's median", value, p50.vanilla!.median)],
    );
    rows.push(p50, p99);
  }
  return rows;
}
