import { backendOf } from '../backend.ts';
import type { Bench } from '../bench.ts';
import { atMost, rowOf, thousands, type Row } from '../row.ts';
import { quantile } from '../statistics.ts';

const searches = 1000;

/** Finding one of `scale` rooms by its metadata. On a database of its own. */
export async function metadata({ site, isQuick, scale, log }: Bench): Promise<Row[]> {
  await using empty = await site.startEmpty();
  const { server, query } = empty;
  const backend = await backendOf(server);
  log(`${thousands(scale)} rooms with metadata`);
  await query(
    `insert into conversations (id, kind, name, name_key, visibility, metadata)
     select gen_random_uuid(), 'ROOM', 'Order ' || nth, 'order ' || nth, 'PUBLIC', jsonb_build_object('orderId', nth::text, 'shop', nth % 100)
     from generate_series(1, $1::int) nth`,
    [scale],
  );
  await query('vacuum analyze conversations');
  const { signUp } = await backend.ask(
    'mutation { signUp(input: { username: "seeker", password: "a password of the bench" }) { session { accessToken } } }',
  );
  const seeker = await backendOf(server, signUp.session.accessToken);
  const times: number[] = [];
  for (let search = 0; search < searches / (isQuick ? 5 : 1); search++) {
    const orderId = String(1 + ((search * 7919) % scale));
    const startedAt = performance.now();
    const { rooms } = await seeker.ask(
      'query ($metadata: JSONObject!) { rooms(metadata: $metadata) { edges { node { id name } } } }',
      { metadata: { orderId } },
    );
    times.push(performance.now() - startedAt);
    if (rooms.edges[0]?.node.name !== `Order ${orderId}`) throw new Error('The room is not found.');
  }
  const sorted = times.toSorted((one, other) => one - other);

  const one = (value: number) => ({ causerie: [value] });
  return [
    rowOf(
      `one of ${thousands(scale)} rooms by its metadata, median`,
      'ms',
      one(quantile(sorted, 0.5)),
    ),
    rowOf(
      `one of ${thousands(scale)} rooms by its metadata, 99th percentile`,
      'ms',
      one(quantile(sorted, 0.99)),
      ({ value }) => [atMost('≤ 20', value, 20)],
    ),
  ];
}
