import { inTurn, type Bench } from '../bench.ts';
import { atLeast, rowOf, type Row } from '../row.ts';
import { openStand, openStands, type Stand } from '../stand.ts';

/** Each sender waits for the answer before it sends again. */
const senderCount = 64;

interface Run {
  /** Sends per second of the server's CPU time. */
  readonly perCore: number;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
}

/**
 * How many sends a server handles under full load, and how long each waits. There are no followers.
 */
export async function send({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  const { rooms, crowd } = site.seed;
  await using peers = await openStands(site, ['causerie', 'vanilla']);
  await using embedded = await openStand(site, 'causerie', { embedded: true });
  const stands = [...peers, embedded];
  for (const stand of stands) await stand.connectSenders(senderCount);

  async function run({ server, load }: Stand, rooms: readonly string[]): Promise<Run> {
    const cpuBefore = server.cpuMs();
    const startedAt = performance.now();
    const { count, p50, p99 } = await load.run('sendAll', { rooms, forMs: isQuick ? 1500 : 3000 });
    return {
      perCore: (count * 1000) / (server.cpuMs() - cpuBefore),
      perSecond: (count * 1000) / (performance.now() - startedAt),
      p50,
      p99,
    };
  }

  const rows: Row[] = [];
  for (const [where, rooms_] of [
    ['many rooms', rooms],
    ['one hot room', [crowd]],
  ] as const) {
    log(`sends to ${where}`);
    const [ours, theirs, ourEmbedded] = await inTurn(rounds, stands, (stand) => run(stand, rooms_));
    const of = (runs: Run[] | undefined, figure: keyof Run) => runs!.map((run) => run[figure]);
    const compare = (figure: keyof Run) => ({
      causerie: of(ours, figure),
      vanilla: of(theirs, figure),
    });
    rows.push(
      rowOf(`sends to ${where}`, 'a second of CPU', compare('perCore'), ({ toVanilla }) => [
        atLeast('≥ 5 × vanilla', toVanilla, 5),
      ]),
      rowOf(`sends to ${where}`, 'a second', compare('perSecond')),
      rowOf(`sends to ${where}, half are answered within`, 'ms', compare('p50')),
      rowOf(`sends to ${where}, 99 % are answered within`, 'ms', compare('p99')),
      rowOf(`sends to ${where}, embedded, its database's thread counted in`, 'a second of CPU', {
        causerie: of(ourEmbedded, 'perCore'),
      }),
      rowOf(`sends to ${where}, embedded`, 'a second', { causerie: of(ourEmbedded, 'perSecond') }),
      rowOf(`sends to ${where}, embedded, half are answered within`, 'ms', {
        causerie: of(ourEmbedded, 'p50'),
      }),
      rowOf(`sends to ${where}, embedded, 99 % are answered within`, 'ms', {
        causerie: of(ourEmbedded, 'p99'),
      }),
    );
  }
  return rows;
}
