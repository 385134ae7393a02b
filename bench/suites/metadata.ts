import { backendOf } from '../backend.ts';
import type { Bench } from '../bench.ts';
import { atMost, rowOf, thousands, type Row } from '../row.ts';
import { quantile } from '../statistics.ts';

const searches = 1000;

/** Metadata that some of the rooms have, by how many these are. */
const shared = {
  'one of a thousand': (search: number) => ({ shop: search % 1000 }),
  'one of 25': (search: number) => ({ courier: search % 25 }),
  half: (search: number) => ({ isPaid: search % 2 === 0 }),
};

/** Finding rooms among `scale` by their metadata. On a database of its own. */
export async function metadata({ site, isQuick, scale, log }: Bench): Promise<Row[]> {
  await using empty = await site.startEmpty();
  const { server, query } = empty;
  const backend = await backendOf(server);
  log(`${thousands(scale)} rooms with metadata`);
  // To fill the index on parts of names takes most of the time, and no search here reads it.
  await query('drop index conversations_public_parts');
  await query(
    `insert into conversations (id, kind, name, name_key, visibility, metadata)
     select md5(nth::text)::uuid, 'ROOM', 'Order ' || nth, 'order ' || nth, 'PUBLIC',
       jsonb_build_object('orderId', nth::text, 'shop', nth % 1000, 'courier', nth % 25, 'isPaid', nth % 2 = 0)
     from generate_series(1, $1::int) nth`,
    [scale],
  );
  await query('vacuum analyze conversations');
  const { signUp } = await backend.ask(
    'mutation { signUp(input: { username: "seeker", password: "a password of the bench" }) { session { accessToken } } }',
  );
  const seeker = await backendOf(server, signUp.session.accessToken);

  /** Searches one after the other. Returns the times in ms, sorted. */
  async function timesOf(
    count: number,
    metadataOf: (search: number) => object,
    check: (names: string[]) => boolean,
  ): Promise<number[]> {
    const times: number[] = [];
    for (let search = 0; search < count / (isQuick ? 5 : 1); search++) {
      const startedAt = performance.now();
      const { rooms } = await seeker.ask(
        'query ($metadata: JSONObject!) { rooms(metadata: $metadata) { edges { node { id name } } } }',
        { metadata: metadataOf(search) },
      );
      times.push(performance.now() - startedAt);
      if (!check(rooms.edges.map((edge: any) => edge.node.name)))
        throw new Error('The rooms are not found.');
    }
    return times.toSorted((one, other) => one - other);
  }

  const orderOf = (search: number) => String(1 + ((search * 7919) % scale));
  const single = await timesOf(
    searches,
    (search) => ({ orderId: orderOf(search) }),
    (names) => names.length === 1,
  );
  const rowsOfShared: Row[] = [];
  for (const [share, metadataOf] of Object.entries(shared)) {
    const times = await timesOf(searches / 5, metadataOf, (names) => names.length > 0);
    rowsOfShared.push(
      rowOf(
        `a page of those of ${thousands(scale)} rooms whose metadata ${share} has, 99th percentile`,
        'ms',
        { causerie: [quantile(times, 0.99)] },
      ),
    );
  }
  return [
    rowOf(`one of ${thousands(scale)} rooms by its metadata, median`, 'ms', {
      causerie: [quantile(single, 0.5)],
    }),
    rowOf(
      `one of ${thousands(scale)} rooms by its metadata, 99th percentile`,
      'ms',
      { causerie: [quantile(single, 0.99)] },
      ({ value }) => [atMost('≤ 20', value, 20)],
    ),
    ...rowsOfShared,
  ];
}
