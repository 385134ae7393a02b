import { inTurn, type Bench } from '../bench.ts';
import { rowOf, type Row } from '../row.ts';
import type { Server } from '../server.ts';

/** The time from the start of the process until it listens. */
export async function coldStart({ site, rounds, log }: Bench): Promise<Row[]> {
  log('cold start');
  const starts: Record<string, () => Promise<Server>> = {
    'on PostgreSQL': () => site.startCauserie(),
    vanilla: site.startVanilla,
    raw: () => site.startRaw(1),
    'on an empty PostgreSQL': () => site.startFirst('PostgreSQL'),
    embedded: site.startEmbedded,
    'embedded, for the first time': () => site.startFirst('embedded'),
  };
  const measured = await inTurn(Math.min(rounds, 3), Object.values(starts), async (start) => {
    await using server = await start();
    return server.startMs / 1000;
  });
  const of = (name: string) => measured[Object.keys(starts).indexOf(name)]!;
  return Object.keys(starts)
    .filter((name) => name !== 'vanilla' && name !== 'raw')
    .map((name) =>
      rowOf(`cold start ${name}`, 's', {
        causerie: of(name),
        ...(name === 'on PostgreSQL' && { vanilla: of('vanilla'), raw: of('raw') }),
      }),
    );
}
