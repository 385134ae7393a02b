import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const onPostgres = postgresUrl !== undefined && !process.env.TEST_EMBEDDED;
const count = 100_000;
const document = 'mutation { exportMyData { data } }';

describe.skipIf(!onPostgres)('the export of 100,000 messages', () => {
  let node: TestNode;
  let ann: Person, bob: Person;
  let database: pg.Client;
  let roomIds: string[];

  beforeAll(async () => {
    node = await startNode({ settings: { RATE_LIMITS: 'off' } });
    [ann, bob] = await Promise.all([person(node, 'ann'), person(node, 'bob')]);
    database = new pg.Client(node.settings.DATABASE_URL);
    await database.connect();
    roomIds = [
      (await createRoom(ann, { name: 'Quay' })).id,
      (await createRoom(ann, { name: 'Bay' })).id,
    ].toSorted();
    for (const roomId of roomIds)
      await database.query(
        `insert into messages (id, conversation_id, seq, event_seq, author_id, body, mentioned_user_ids)
         select gen_random_uuid(), $1, seq, seq, $2, 'old ' || seq || repeat(' and so on', 20), '{}' from generate_series(1, $3) seq`,
        [roomId, ann.id, count / 2],
      );
    await database.query('analyze messages');
  }, 120_000);
  afterAll(async () => {
    await Promise.all([ann, bob].map((one) => one[Symbol.asyncDispose]()));
    await database.end();
    await node[Symbol.asyncDispose]();
  });

  /** An export over HTTP whose client reads nothing after the head until it is told to. */
  async function startExport() {
    const sent = request(node.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.token}` },
    });
    sent.end(JSON.stringify({ query: document }));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { stop: () => sent.destroy(), rest: async () => JSON.parse(await text(response)).data };
  }

  const queriesOfMessages = async (): Promise<number> =>
    Number(
      (
        await database.query(
          `select coalesce(sum(seq_scan + idx_scan), 0) as scans from pg_stat_user_tables where relname = 'messages'`,
        )
      ).rows[0].scans,
    );

  it('[P13] is complete and in order, and reads a page when the client has read the one before, while others are served', async () => {
    const { rest } = await startExport();
    // The whole export does not fit in the buffers of the connection.
    await delay(500);
    for (let asked = 0; asked < 20; asked++)
      expect((await bob.query('{ viewer { username } }')).viewer.username).toBe('bob');
    // An export in memory as a whole would have the old text.
    await database.query('update messages set body = $1 where conversation_id = $2 and seq = $3', [
      'read late',
      roomIds.at(-1),
      count / 2,
    ]);
    const { messages, memberships, account } = (await rest()).exportMyData.data;
    expect(messages.at(-1).body).toBe('read late');
    expect(account.username).toBe('ann');
    expect(memberships.map(({ conversation }: any) => conversation.id)).toEqual(
      expect.arrayContaining(roomIds),
    );
    expect(messages.map(({ conversationId, seq }: any) => `${conversationId} ${seq}`)).toEqual(
      roomIds.flatMap((roomId) =>
        Array.from({ length: count / 2 }, (_, index) => `${roomId} ${index + 1}`),
      ),
    );
  }, 120_000);

  it('stops reading when the client disconnects', async () => {
    const before = await queriesOfMessages();
    const { stop } = await startExport();
    stop();
    // PostgreSQL counts a query up to some seconds after it.
    let last = before;
    await until('no more messages are read', async () => {
      const earlier = last;
      await delay(3000);
      last = await queriesOfMessages();
      return last === earlier;
    });
    // A whole export reads 200 pages.
    expect(last - before).toBeLessThan(100);
  }, 120_000);

  it('[P13] is refused over a socket and as an event stream, where it would be one answer in memory', async () => {
    const refusal = { code: 'TOO_COMPLEX', message: expect.stringContaining('HTTP request') };
    await expect(ann.ask(document)).rejects.toMatchObject(refusal);
    const response = await fetch(node.url, {
      method: 'POST',
      headers: {
        accept: 'text/event-stream',
        'content-type': 'application/json',
        authorization: `Bearer ${ann.token}`,
      },
      body: JSON.stringify({ query: document }),
    });
    expect(await response.text()).toContain('"code":"TOO_COMPLEX"');
  }, 120_000);

  it('is complete over a socket if it is small', async () => {
    const { exportMyData } = await bob.ask(document);
    expect(exportMyData.data).toMatchObject({ account: { username: 'bob' }, messages: [] });
  });

  it('can be selected twice with other fields, but not many times', async () => {
    const data = (await bob.query(
      `mutation { a: exportMyData { data } b: exportMyData { data } }`,
    )) as any;
    expect(data.a.data.account).toEqual(data.b.data.account);
    await expect(
      bob.query('mutation { exportMyData { data a: data b: data } }'),
    ).rejects.toMatchObject({ code: 'TOO_COMPLEX' });
  });
});
