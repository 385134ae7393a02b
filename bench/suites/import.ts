import { backendOf } from '../backend.ts';
import type { Bench } from '../bench.ts';
import { atLeast, rowOf, thousands, type Row } from '../row.ts';

const inACall = 1000;
const users = 10_000;
const roomsOfMessages = 10;
/** The calls that `npm run import` makes at once, in different conversations. */
const callsOfImport = 2;

/**
 * The import of an application: its users, and `scale` messages. It uses its own database, which is
 * large afterwards.
 */
export async function importing({ site, scale, log }: Bench): Promise<Row[]> {
  await using empty = await site.startEmpty();
  const backend = await backendOf(empty.server);

  /** Makes calls, some at once. Returns the items a second. */
  async function perSecond(
    count: number,
    call: (from: number) => Promise<unknown>,
    atOnce = 1,
  ): Promise<number> {
    const startedAt = performance.now();
    const makeCalls = async (first: number) => {
      for (let from = first * inACall; from < count; from += atOnce * inACall) await call(from);
    };
    await Promise.all(Array.from({ length: atOnce }, (_, nth) => makeCalls(nth)));
    return (count * 1000) / (performance.now() - startedAt);
  }
  const items = <Item>(from: number, of: (index: number) => Item) =>
    Array.from({ length: inACall }, (_, index) => of(from + index));

  log(`${thousands(users)} users, three times`);
  const upsert = (displayName: string) =>
    perSecond(users, (from) =>
      backend.mutate(
        'upsertUsers',
        {
          users: items(from, (index) => ({
            externalId: `u-${index}`,
            username: `person-${index}`,
            displayName,
            metadata: { plan: 'gold' },
          })),
        },
        'createdCount',
      ),
    );
  const created = await upsert('Person');
  const repeated = await upsert('Person');
  const changed = await upsert('Somebody');

  log(`${thousands(scale)} messages`);
  await backend.mutate(
    'upsertRooms',
    {
      rooms: Array.from({ length: roomsOfMessages }, (_, index) => ({
        externalId: `r-${index}`,
        name: `Imported ${index}`,
      })),
    },
    'createdCount',
  );
  const body = 'An ordinary message of about eighty characters, as people write them in a chat.';
  const importAll = (count: number) =>
    perSecond(
      count,
      (from) =>
        backend.mutate(
          'importMessages',
          {
            conversationId: `external:r-${(from / inACall) % roomsOfMessages}`,
            messages: items(from, (index) => ({
              externalId: `m-${index}`,
              authorId: `external:u-${index % users}`,
              body: `${body} ${index}`,
              createdAt: '2020-01-01T00:00:00Z',
              metadata: { nth: index },
            })),
          },
          'importedCount',
        ),
      callsOfImport,
    );
  const cpuOf = () => ({ node: empty.server.cpuMs(), database: empty.databaseCpuMs() });
  const before = cpuOf();
  const imported = await importAll(scale);
  const after = cpuOf();
  const skipped = await importAll(Math.min(scale, 50_000));

  const one = (value: number) => ({ causerie: [value] });
  return [
    rowOf(`upsert of ${thousands(users)} new users`, 'users a second', one(created)),
    rowOf(`upsert of ${thousands(users)} users that exist`, 'users a second', one(repeated)),
    rowOf(`upsert of ${thousands(users)} users that change`, 'users a second', one(changed)),
    rowOf(
      `import of ${thousands(scale)} messages`,
      'messages a second',
      one(imported),
      ({ value }) => [atLeast('≥ 5,000', value, 5000)],
    ),
    ...(['node', 'database'] as const).map((part) =>
      rowOf(
        `import of ${thousands(scale)} messages, CPU of the ${part}`,
        'ms per 1,000 messages',
        one(((after[part] - before[part]) * 1000) / scale),
      ),
    ),
    rowOf('import of messages that exist', 'messages a second', one(skipped)),
  ];
}
