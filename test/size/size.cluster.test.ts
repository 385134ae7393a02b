import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { schema } from '../../src/schema.ts';
import { guest } from '../support/rooms.ts';
import { password, person, query, type Person } from '../support/person.ts';
import { createDatabase, startPostgres, type Postgres } from '../support/postgres.ts';
import { postgresUrl } from '../support/servers.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';
import { fill } from './fill.ts';
import { followPlans, reportingSettings, type ExecutedPlan } from './plans.ts';

const size = { users: 40_000, rooms: 60_000, conversations: 20_000, messages: 200_000 };

/** The pages that a statement of an operation may read. */
const buffersMax = 2000;
/** A search looks at the newest 5,000 messages, their conversations and memberships. */
const searchBuffersMax = 40_000;
/** Tables that do not grow with use. */
const smallTables = ['database_id', '_prisma_migrations', 'announcements', 'follow_ups'];

/** The id of a row of `fill`. */
function filled(kind: string, number: number): string {
  const hash = createHash('md5').update(`${kind} ${number}`).digest('hex');
  return hash.replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12})$/, '$1-$2-4$3-$4-$5');
}

const connection = (fields: string) =>
  `{ edges { cursor node { ${fields} } } pageInfo { hasNextPage } }`;

describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)('a large database', () => {
  let postgres: Postgres;
  let node: TestNode;
  let read: () => Promise<ExecutedPlan[]>;
  let ann: Person, root: Person;
  let shop: TestService;
  const client = () => new pg.Client(node.settings.DATABASE_URL);

  async function run(text: string): Promise<void> {
    const one = client();
    await one.connect();
    await one.query(text);
    await one.end();
  }

  beforeAll(async () => {
    postgres = await startPostgres({
      settings: { ...reportingSettings, autovacuum: 'off', max_wal_size: '4GB' },
    });
    const url = await createDatabase(postgres.urlOf('postgres'));
    const pool = new pg.Pool({ connectionString: url });
    await migrate(pool);
    await pool.end();
    const filling = new pg.Client(url);
    await filling.connect();
    await fill(filling, size);
    await filling.query(
      `alter database "${new URL(url).pathname.slice(1)}" set auto_explain.log_min_duration = 0`,
    );
    await filling.end();
    read = await followPlans(postgres.log);
    node = await startNode({
      settings: { DATABASE_URL: url, RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    });
    [ann, root] = await Promise.all([person(node, 'ann'), person(node, 'root')]);
    shop = await service(node);
    await run(
      `insert into members (conversation_id, user_id)
       select id, '${ann.id}' from conversations where kind = 'ROOM' order by id limit 2000 on conflict do nothing`,
    );
  }, 300_000);
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  /** Runs an operation, and returns how its statements exceed the bounds. */
  async function excessesOf(
    operation: () => Promise<unknown>,
    max = buffersMax,
  ): Promise<string[]> {
    await read();
    await operation();
    return excessesIn(await read(), max);
  }

  const excessesIn = (plans: readonly ExecutedPlan[], max: number): string[] =>
    plans.flatMap(({ text, buffers, scanned }) => {
      const tables = scanned.filter((table) => !smallTables.includes(table));
      const statement = text.replaceAll(/\s+/g, ' ').slice(0, 300);
      return [
        ...tables.map((table) => `reads all of ${table}: ${statement}`),
        ...(buffers > max ? [`reads ${buffers} pages: ${statement}`] : []),
      ];
    });

  const ask = (field: string) => () => ann.query(`{ ${field} }`);
  const askAsAdmin = (field: string) => () => root.query(`{ ${field} }`);
  const list = (field: string, args: string, fields = 'id') =>
    `${field}(${args}) ${connection(fields)}`;

  /** Lists and searches, with each way to narrow, order and continue them. */
  const lists: Readonly<Record<string, { run: () => Promise<unknown>; max?: number }>> = {
    rooms: {
      run: ask(list('rooms', 'first: 50', 'id name memberCount unreadCount viewerMember { role }')),
    },
    'rooms, the last page': { run: ask(list('rooms', 'last: 50')) },
    'rooms, far in the list': { run: async () => follow(ann, 'rooms', 'search: "", first: 50') },
    'rooms, joined': { run: ask(list('rooms', 'joined: true')), max: 15_000 },
    'rooms, not joined': { run: ask(list('rooms', 'joined: false')), max: 15_000 },
    'rooms, a common text': { run: ask(list('rooms', 'search: "room"')), max: 15_000 },
    'rooms, a rare text': { run: ask(list('rooms', 'search: "m 59321"')), max: 15_000 },
    'rooms, a short text': { run: ask(list('rooms', 'search: "9"')), max: 15_000 },
    'rooms, a missing text': { run: ask(list('rooms', 'search: "zebra"')), max: 15_000 },
    'a room by name': { run: ask('room(name: "Room 44444") { id }') },
    'a room by the name of none': { run: ask('room(name: "No such room") { id }') },
    users: { run: ask(list('users', 'first: 50', 'id username isOnline')) },
    'users, the last page': { run: ask(list('users', 'last: 50')) },
    'users, a common text': { run: ask(list('users', 'search: "person"')), max: 10_000 },
    'users, a rare text': { run: ask(list('users', 'search: "39123"')), max: 10_000 },
    'users, a missing text': { run: ask(list('users', 'search: "zebra"')), max: 10_000 },
    'a user by name': { run: ask('user(username: "user777") { id }') },
    supportConversations: { run: askAsAdmin(list('supportConversations', 'first: 50')) },
    'supportConversations, open': { run: askAsAdmin(list('supportConversations', 'status: OPEN')) },
    'supportConversations, resolved': {
      run: askAsAdmin(list('supportConversations', 'status: RESOLVED, last: 50')),
    },
    directConversations: { run: ask(list('directConversations', 'first: 50')) },
    notifications: { run: ask(`${list('notifications', 'first: 50')} unreadNotificationCount`) },
    reports: { run: askAsAdmin(list('reports', 'first: 50')) },
    'reports, open': { run: askAsAdmin(list('reports', 'resolved: false')) },
    auditLog: { run: askAsAdmin(list('auditLog', 'first: 50', 'action')) },
    members: {
      run: ask(
        `conversation(id: "${filled('room', 1)}") { members(first: 50) ${connection('role user { username }')} }`,
      ),
    },
    messages: {
      run: ask(
        `conversation(id: "${filled('room', 1)}") { messages(last: 50) ${connection('id body author { username } reactions { emoji count }')} }`,
      ),
    },
    'searchMessages, a common word': {
      run: ask(list('searchMessages', 'query: "common"')),
      max: searchBuffersMax,
    },
    'searchMessages, a rare word': {
      run: ask(list('searchMessages', 'query: "rare"')),
      max: searchBuffersMax,
    },
    'searchMessages, a word of one message': {
      run: ask(list('searchMessages', 'query: "4321"')),
      max: searchBuffersMax,
    },
    'searchMessages, a common word in one conversation': {
      run: ask(list('searchMessages', `query: "common", conversationId: "${filled('room', 1)}"`)),
      max: searchBuffersMax,
    },
    'searchMessages, a rare word in one conversation': {
      run: ask(list('searchMessages', `query: "rare", conversationId: "${filled('room', 1)}"`)),
      max: searchBuffersMax,
    },
  };

  async function follow(who: Person, field: string, args: string): Promise<void> {
    const first = await who.query(`{ ${list(field, args)} }`);
    const { cursor } = first[field].edges.at(-1);
    await who.query(`{ ${list(field, `after: "${cursor}", first: 50`)} }`);
  }

  const excessesOfLists = async (): Promise<string[]> => {
    const excesses: string[] = [];
    for (const [name, { run: operation, max }] of Object.entries(lists))
      excesses.push(...(await excessesOf(operation, max)).map((excess) => `${name} ${excess}`));
    return excesses;
  };

  it('without statistics: every list and search is a short walk along an index', async () => {
    expect(await excessesOfLists()).toEqual([]);
  }, 180_000);

  it('with statistics: every list and search is a short walk along an index', async () => {
    await run('vacuum analyze');
    expect(await excessesOfLists()).toEqual([]);
  }, 180_000);

  it('control: a missing index is noticed', async () => {
    await run('alter index messages_in_time rename to renamed');
    await run('drop index conversations_public_parts');
    const lacking = await excessesOf(lists['rooms, a rare text']!.run);
    expect(lacking).toContainEqual(expect.stringContaining('reads all of conversations'));
    await run(
      String.raw`create index conversations_public_parts on conversations using gin (search_parts(name_key || E'\n' || lower(coalesce(topic, '')))) where visibility = 'PUBLIC'`,
    );
    expect(await excessesOf(lists['rooms, a rare text']!.run, 15_000)).toEqual([]);
  }, 120_000);
});
