import { inTurn, type Bench } from '../bench.ts';
import { atMost, rowOf, type Measured, type Row, type Target } from '../row.ts';
import { openStands, type Stand } from '../stand.ts';

const messageBytes = 300;
/**
 * The number and the maximum rate of deliveries in one round. The next event waits until all
 * followers have received the one before.
 */
const deliveries = 50_000;
const deliveriesPerSecond = 20_000;
const unit = 'µs of CPU a delivery';
const tenSelections = Array.from({ length: 10 }, (_, index) => `text${index}: body`);

/**
 * The server's CPU time per delivery of an event to the followers of one room. Another node stores
 * the messages, so that storing them is not measured.
 */
export async function fanOut({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  const roomId = site.seed.crowd;
  await using stands = await openStands(site, ['causerie', 'raw', 'vanilla'], {
    beside: true,
    messageBytes,
  });
  for (const stand of stands) await stand.connectSenders(1);

  async function measure(followers: number, burst: number): Promise<Measured> {
    log(`${followers} followers${burst > 1 ? `, bursts of ${burst}` : ''}`);
    const bursts = Math.max(1, Math.round(deliveries / followers / burst));
    const everyMs = (followers * burst * 1000) / deliveriesPerSecond;
    const [causerie, raw, vanilla] = await inTurn(rounds, stands, async ({ server, load }) => {
      const before = server.cpuMs();
      const delivered = await load.run('fanOut', { roomId, bursts, burst, everyMs });
      return ((server.cpuMs() - before) * 1000) / delivered;
    });
    return { causerie: causerie!, raw, vanilla };
  }

  const rows: Row[] = [];
  const atThousand = new Map<number, number>();
  for (const followers of isQuick ? [1000] : [1000, 100, 10_000]) {
    for (const stand of stands) await gather(stand, roomId, followers);
    for (const burst of [1, 10]) {
      const row = rowOf(
        `fan-out to ${followers.toLocaleString('en')}${burst > 1 ? ` in bursts of ${burst}` : ''}`,
        unit,
        await measure(followers, burst),
        (medians) =>
          followers === 1000
            ? targetsAtThousand[burst]!(medians)
            : [atMost('≤ 1.15 × that to 1,000', medians.value / atThousand.get(burst)!, 1.15)],
      );
      if (followers === 1000) atThousand.set(burst, row.causerie.median);
      rows.push(row);
    }
  }
  for (const stand of stands) await gather(stand, roomId, 1000, tenSelections);
  return [
    ...rows,
    rowOf('fan-out to 1,000 with ten different operations', unit, await measure(1000, 1)),
  ];
}

const targetsAtThousand: Record<
  number,
  (medians: { toRaw: number; toVanilla: number }) => Target[]
> = {
  1: ({ toRaw, toVanilla }) => [
    atMost('≤ 1.0 × raw', toRaw, 1),
    atMost('≤ 1/9 of vanilla', toVanilla, 1 / 9),
  ],
  10: ({ toRaw }) => [atMost('≤ 0.35 × raw', toRaw, 0.35)],
};

/** Connects followers, and finds the body length that makes an event of 300 bytes. */
async function gather(
  { gather, load }: Stand,
  roomId: string,
  followers: number,
  selections?: readonly string[],
): Promise<void> {
  await gather([roomId], { selections });
  await load.run('grow', followers);
  await load.run('settle', { roomId, messageBytes });
}
