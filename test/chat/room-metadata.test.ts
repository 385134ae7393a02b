import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { postgresUrl } from '../support/servers.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const roomCount = 4000;

/** The metadata of a room, by its number. Couriers are spread over the names, regions are not. */
const metadataOf = (nth: number) => ({
  orderId: String(nth),
  courier: nth % 40,
  region: Math.floor(nth / 1000),
  address: { floor: nth % 500, doors: [nth % 8, 'back'] },
});
const isPrivate = (nth: number) => nth % 5 === 0;
const nameOf = (nth: number) => `order ${String(nth).padStart(4, '0')}`;

let node: TestNode;
let ann: Person, pam: Person;
let shop: TestService;
const viewers = {
  ann: { isMember: (nth: number) => nth % 400 === 0 },
  pam: { isMember: (nth: number) => nth % 10 < 6 },
  shop: { isMember: () => true },
};

/** All pages of a list, from the first or from the last. */
async function allPages(
  viewer: { query(text: string): Promise<any> },
  args: string,
  direction: 'first' | 'last',
): Promise<string[]> {
  const names: string[] = [];
  let cursor: string | undefined;
  const [next, end] = direction === 'first' ? ['after', 'end'] : ['before', 'start'];
  do {
    const from = cursor === undefined ? '' : `, ${next}: "${cursor}"`;
    const { rooms } = await viewer.query(
      `{ rooms(${args}, ${direction}: 100${from}) { edges { node { name } } pageInfo { startCursor endCursor hasNextPage hasPreviousPage } } }`,
    );
    const page = rooms.edges.map((edge: any) => edge.node.name);
    names[direction === 'first' ? 'push' : 'unshift'](...page);
    const { pageInfo } = rooms;
    const hasMore = direction === 'first' ? pageInfo.hasNextPage : pageInfo.hasPreviousPage;
    cursor = hasMore ? pageInfo[`${end}Cursor`] : undefined;
  } while (cursor !== undefined);
  return names;
}

const filters: readonly [text: string, matches: (nth: number) => boolean][] = [
  ['{ orderId: "1234" }', (nth) => nth === 1234],
  ['{ orderId: "1235" }', (nth) => nth === 1235],
  ['{ orderId: 1234 }', () => false],
  ['{ courier: 7 }', (nth) => nth % 40 === 7],
  ['{ courier: 0 }', (nth) => nth % 40 === 0],
  ['{ region: 3 }', (nth) => nth >= 3000],
  ['{ region: 3, courier: 10 }', (nth) => nth >= 3000 && nth % 40 === 10],
  ['{ address: { floor: 5 } }', (nth) => nth % 500 === 5],
  ['{ address: { doors: [1] } }', (nth) => nth % 8 === 1],
];

describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)('rooms by their metadata', () => {
  beforeAll(async () => {
    node = await startNode({ settings: { RATE_LIMITS: 'off' } });
    [ann, pam] = (await Promise.all(['ann', 'pam'].map((name) => person(node, name)))) as [
      Person,
      Person,
    ];
    shop = await service(node, ['rooms']);
    const client = new pg.Client(node.settings.DATABASE_URL);
    await client.connect();
    const numbers = Array.from({ length: roomCount }, (_, nth) => nth);
    await client.query(
      `insert into conversations (id, kind, name, name_key, visibility, metadata)
     select gen_random_uuid(), 'ROOM', name, name, case when is_private then 'PRIVATE' else 'PUBLIC' end::"Visibility", metadata
     from unnest($1::text[], $2::boolean[], $3::jsonb[]) as room (name, is_private, metadata)`,
      [
        numbers.map(nameOf),
        numbers.map(isPrivate),
        numbers.map((nth) => JSON.stringify(metadataOf(nth))),
      ],
    );
    // Pam has more rooms than are looked through one by one; ann has few.
    await client.query(
      `insert into members (conversation_id, user_id)
     select id, $1::uuid from conversations where name_key like 'order %' and (metadata->>'orderId')::int % 10 < 6
     union all
     select id, $2::uuid from conversations where name_key like 'order %' and (metadata->>'orderId')::int % 400 = 0`,
      [pam.id, ann.id],
    );
    await client.end();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it.for(
    (['ann', 'pam', 'shop'] as const).flatMap((name) =>
      filters.map(([text, matches]) => ({ name, text, matches })),
    ),
  )('with the metadata $text: $name lists all that they can see, in order', async (wanted) => {
    const { name, text, matches } = wanted;
    const { isMember } = viewers[name];
    const viewer = { ann, pam, shop }[name];
    const expected = (mayList: (nth: number) => boolean) =>
      Array.from({ length: roomCount }, (_, nth) => nth)
        .filter((nth) => matches(nth) && mayList(nth))
        .map(nameOf);
    const isVisible = (nth: number) => !isPrivate(nth) || isMember(nth);
    for (const direction of ['first', 'last'] as const)
      expect(await allPages(viewer, `metadata: ${text}`, direction)).toEqual(expected(isVisible));
    if (name === 'shop') return;
    expect(await allPages(viewer, `joined: true, metadata: ${text}`, 'first')).toEqual(
      expected(isMember),
    );
    expect(await allPages(viewer, `joined: false, metadata: ${text}`, 'first')).toEqual(
      expected((nth) => isVisible(nth) && !isMember(nth)),
    );
  });

  it('a search by text and metadata finds what has both', async () => {
    for (const viewer of [ann, pam])
      expect(await allPages(viewer, 'search: "1207", metadata: { courier: 7 }', 'first')).toEqual([
        nameOf(1207),
      ]);
  });

  it('a service finds rooms by their metadata only', async () => {
    for (const [field, value] of [
      ['search', '"order"'],
      ['joined', 'true'],
    ] as const)
      await expect(
        shop.query(`{ rooms(${field}: ${value}) { edges { cursor } } }`),
      ).rejects.toMatchObject({ code: 'INVALID', extensions: { field } });
    expect(
      (await allPages(shop, 'search: null', 'first')).filter((name) => name.startsWith('order')),
    ).toHaveLength(roomCount);
  });
});
