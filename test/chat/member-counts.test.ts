import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { correctMemberCounts } from '../../src/chat/conversations/member-counts.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { password, person, type Person } from '../support/person.ts';
import { createRoom, findRoom, inviteToRoom, joinRoom, leaveRoom } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)('the number of members', () => {
  let node: TestNode;
  let client: pg.Client;
  let all: Person[];
  beforeAll(async () => {
    node = await startNode({ settings: { RATE_LIMITS: 'off' } });
    client = new pg.Client(node.settings.DATABASE_URL);
    await client.connect();
    all = await Promise.all(
      Array.from({ length: 8 }, (_, place) => person(node, `member${place}`)),
    );
  });
  afterAll(async () => {
    await client.end();
    await node[Symbol.asyncDispose]();
  });

  /** The rooms whose stored count differs from the number of their members. */
  const wrongCounts = async (): Promise<unknown[]> => {
    const { rows } = await client.query(
      `select name, members, counted from (
         select name, coalesce(members, 0) as members, (select count(*) from members where conversation_id = id)::int as counted
         from conversations left join member_counts on conversation_id = id where kind = 'ROOM') as room
       where members <> counted`,
    );
    return rows;
  };

  it('is right after users join, leave, are invited, removed and deleted at the same moment', async () => {
    const [owner, removed, deleted, ...others] = all as [Person, Person, Person, ...Person[]];
    const { id: roomId } = await createRoom(owner, { name: 'Busy' });
    for (const one of [removed, deleted]) await joinRoom(one, { roomId });
    const comeAndGo = async (one: Person) => {
      for (let round = 0; round < 4; round++) {
        await joinRoom(one, { roomId });
        await leaveRoom(one, { roomId });
      }
      await joinRoom(one, { roomId });
    };
    await Promise.all([
      ...others.map(comeAndGo),
      ...others.map((one) => inviteToRoom(owner, { roomId, userIds: [one.id] })),
      owner.query(
        'mutation ($input: KickMemberInput!) { kickMember(input: $input) { __typename } }',
        { input: { roomId, userId: removed.id } },
      ),
      deleted.query(
        'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
        { input: { password } },
      ),
      person(node, 'newcomer'),
    ]);
    expect(await wrongCounts()).toEqual([]);
    expect((await findRoom(owner, { id: roomId })).memberCount).toBe(others.length + 1);
    expect((await findRoom(owner, { name: 'lobby' })).memberCount).toBe(all.length);
  });

  it('is not stored for conversations that are no rooms', async () => {
    const [ann, bob] = all as [Person, Person];
    await ann.query(
      'mutation ($input: SendPrivateMessageInput!) { sendPrivateMessage(input: $input) { message { id } } }',
      { input: { toUserId: all[4]!.id, body: 'hello' } },
    );
    await bob.ask('{ mySupportConversation { id } }').catch(() => {});
    const { rows } = await client.query(
      "select count(*)::int as others from member_counts join conversations on id = conversation_id where kind <> 'ROOM'",
    );
    expect(rows).toEqual([{ others: 0 }]);
  });

  it('is corrected by maintenance if rows were changed without the triggers', async () => {
    const [owner] = all as [Person];
    const { id: roomId } = await createRoom(owner, { name: 'Restored' });
    for (const one of all.slice(4)) await joinRoom(one, { roomId });
    await client.query('begin');
    await client.query('alter table members disable trigger user');
    await client.query('delete from members where conversation_id = $1 and user_id <> $2', [
      roomId,
      owner.id,
    ]);
    await client.query('alter table members enable trigger user');
    await client.query('commit');
    expect(await wrongCounts()).toEqual([{ name: 'Restored', members: 5, counted: 1 }]);

    await using database = await openDatabase(readConfig(node.settings), silentLog);
    const first = '00000000-0000-0000-0000-000000000000';
    const correcting = (async () => {
      for (let after = first; ;) {
        after = await database.prisma.$transaction((transaction) =>
          correctMemberCounts(transaction, after),
        );
        if (after === first) return;
      }
    })();
    await Promise.all([correcting, ...all.slice(5).map((one) => joinRoom(one, { roomId }))]);
    expect(await wrongCounts()).toEqual([]);
    expect((await findRoom(owner, { id: roomId })).memberCount).toBe(4);
  });

  it('[P17] follows the deletion of an account with many memberships, which ends in the background', async () => {
    await using leaver = await person(node, 'leaver');
    await client.query(
      `with made as (
         insert into conversations (id, kind, name, name_key, visibility)
         select gen_random_uuid(), 'ROOM', 'many ' || n, 'many ' || n, 'PUBLIC' from generate_series(1, 300) as n returning id)
       insert into members (conversation_id, user_id) select id, $1 from made`,
      [leaver.id],
    );
    const remaining = async () => {
      const { rows } = await client.query('select from members where user_id = $1', [leaver.id]);
      return rows.length;
    };
    await leaver.query(
      'mutation ($input: DeleteMyAccountInput!) { deleteMyAccount(input: $input) { ok } }',
      { input: { password } },
    );
    expect(await remaining()).toBeGreaterThan(0);
    await until('all memberships have ended', async () => (await remaining()) === 0, 60_000);
    expect(await wrongCounts()).toEqual([]);
  }, 90_000);
});
