import { inTurn, type Bench } from '../bench.ts';
import { rowOf, type Row } from '../row.ts';
import { openStand, type Stand } from '../stand.ts';

const senderCount = 64;

interface Run {
  /** CPU time per send, in ms. */
  readonly cpuMs: number;
  readonly perSecond: number;
  readonly p50: number;
}

/**
 * The cost of the message gate: sends to a node that asks a gate about each, divided by those to a
 * node without one. The gate is another process, which allows everything at once.
 */
export async function costOfGate({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  await using gate = await site.startGate();
  await using asking = await openStand(site, 'causerie', { gateUrl: gate.url });
  await using plain = await openStand(site, 'causerie');
  const stands = [asking, plain];
  for (const stand of stands) await stand.connectSenders(senderCount);

  async function run({ server, load }: Stand): Promise<Run> {
    const cpuBefore = server.cpuMs();
    const startedAt = performance.now();
    const { rooms } = site.seed;
    const { count, p50 } = await load.run('sendAll', { rooms, forMs: isQuick ? 1500 : 3000 });
    return {
      cpuMs: (server.cpuMs() - cpuBefore) / count,
      perSecond: (count * 1000) / (performance.now() - startedAt),
      p50,
    };
  }

  log('what the message gate costs');
  const [withIt, without] = await inTurn(rounds, stands, run);
  const ratio = (figure: keyof Run) => ({
    causerie: withIt!.map((one, round) => one[figure] / without![round]![figure]),
  });
  return [
    rowOf('message gate: CPU of a send', '× without it', ratio('cpuMs')),
    rowOf('message gate: sends a second', '× without it', ratio('perSecond')),
    rowOf('message gate: half are answered within', '× without it', ratio('p50')),
  ];
}
