import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { NewMessage } from '../../src/chat/messages/new-message.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { until } from '../support/until.ts';
import {
  addRoom,
  addUsers,
  newMessage,
  openWritingNode,
  readRoom,
  stored,
  upTo,
  type WritingNode,
} from '../support/writing.ts';

describeWithPostgres('message writers of two nodes on one PostgreSQL', () => {
  let url: string;
  let nodes: [WritingNode, WritingNode];
  let users: string[];
  let stranger: pg.Client;
  beforeAll(async () => {
    url = await createDatabase();
    nodes = [
      await openWritingNode({ DATABASE_URL: url }),
      await openWritingNode({ DATABASE_URL: url }),
    ];
    users = await addUsers(nodes[0].database, 16);
    stranger = new pg.Client(url);
    await stranger.connect();
  });
  afterAll(async () => {
    await stranger.end();
    for (const node of nodes) await node[Symbol.asyncDispose]();
  });
  const errorsOf = (from = [0, 0]) =>
    nodes.flatMap(({ logged }, place) => logged.slice(from[place])).filter(({ code }) => code);
  const newRoom = (members = users) => addRoom(nodes[0].database, members);

  /**
   * Runs the work in a transaction that commits only when `send`, begun meanwhile, waits for it.
   */
  async function whileWaiting<Result>(
    work: string,
    values: string[],
    send: () => Promise<Result>,
  ): Promise<Result> {
    await stranger.query('begin');
    await stranger.query(work, values);
    const sent = send();
    await until('the send waits', async () => {
      const { rows } = await stranger.query(
        `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    await stranger.query('commit');
    return sent;
  }

  it('[P1] numbers messages and events without a gap and in the order of time, with 16 writers in 4 rooms', async () => {
    const rooms = await Promise.all(upTo(4).map(() => newRoom()));
    const perWriter = 60;
    const sent = await Promise.all(
      users.map(async (author, writer) => {
        const ids: string[] = [];
        for (const number of upTo(perWriter / 3)) {
          const three = upTo(3).map((offset) =>
            nodes[(writer + offset) % 2]!.writer.send(
              newMessage(rooms[(writer + number * offset) % 4]!, author, {
                body: `${writer}/${number}/${offset}`,
              }),
            ),
          );
          ids.push(...(await Promise.all(three)).map((one) => stored(one).message.id));
        }
        return ids;
      }),
    );
    const stateOf = await Promise.all(rooms.map((room) => readRoom(nodes[0].database, room)));
    for (const { lastSeq, messages, events, head } of stateOf) {
      expect(messages.map(({ seq }) => seq)).toEqual(upTo(lastSeq));
      expect(messages.map(({ eventSeq }) => Number(eventSeq))).toEqual(upTo(head));
      expect(events.map(({ seq, data }) => [seq, data.messageId])).toEqual(
        messages.map(({ id, seq }) => [seq, id]),
      );
      expect(messages.map(({ createdAt }) => createdAt.getTime())).toEqual(
        messages.map(({ createdAt }) => createdAt.getTime()).toSorted((a, b) => a - b),
      );
    }
    expect(stateOf.flatMap(({ messages }) => messages.map(({ id }) => id)).toSorted()).toEqual(
      sent.flat().toSorted(),
    );
    expect(sent.flat()).toHaveLength(users.length * perWriter);
    const published = nodes
      .flatMap(({ published }) => published.map(({ event }) => event))
      .filter(({ topic }) => rooms.some((room) => topic.endsWith(room)));
    expect(published).toHaveLength(sent.flat().length);
    expect(errorsOf()).toEqual([]);
  });

  it('[P1] does not deadlock with the same and other authors in the same rooms on both nodes, while members join and leave', async () => {
    const rooms = await Promise.all(upTo(6).map(() => newRoom()));
    const everywhere = (place: number) =>
      rooms.map((_, offset) => rooms[(place + offset * 5) % rooms.length]!);
    const isDone = { now: false };
    const comeAndGo = async () => {
      for (let round = 0; !isDone.now; round++) {
        const [room, user] = [rooms[round % rooms.length]!, users[15]!];
        await stranger.query('begin');
        await stranger.query('delete from members where conversation_id = $1 and user_id = $2', [
          room,
          user,
        ]);
        await stranger.query(
          `insert into topics (id, head) values ($1, 1) on conflict (id) do update set head = topics.head + 1`,
          [`conversation:${room}`],
        );
        await stranger.query(
          `insert into events (topic, seq, type, data) select id, head, 'MemberLeft', '{}' from topics where id = $1`,
          [`conversation:${room}`],
        );
        await stranger.query('commit');
        await stranger.query('insert into members (conversation_id, user_id) values ($1, $2)', [
          room,
          user,
        ]);
      }
    };
    const coming = comeAndGo();
    const authorsOf = (node: number, round: number) =>
      round % 2 ? [0, 1, 15] : [node * 3 + 2, node * 3 + 3];
    await Promise.all(
      nodes.map(async ({ writer }, node) => {
        for (const round of upTo(400))
          await Promise.all(
            authorsOf(node, round).flatMap((user) =>
              everywhere(round * (node + 1)).map((room) =>
                writer.send(newMessage(room, users[user]!)),
              ),
            ),
          );
      }),
    );
    isDone.now = true;
    await coming;
    expect(errorsOf()).toEqual([]);
    for (const { messages, lastSeq, head, events } of await Promise.all(
      rooms.map((room) => readRoom(nodes[0].database, room)),
    )) {
      expect(messages.map(({ seq }) => seq)).toEqual(upTo(lastSeq));
      expect(events.map(({ seq }) => seq)).toEqual(upTo(head));
      expect(events.filter(({ type }) => type === 'MessageSent').map(({ seq }) => seq)).toEqual(
        messages.map(({ eventSeq }) => Number(eventSeq)),
      );
    }
  });

  it('[P6] stores one message for the same key on both nodes at once, and answers both', async () => {
    const room = await newRoom();
    for (const number of upTo(20)) {
      const message = newMessage(room, users[number % 4]!, {
        idempotencyKey: `k${number}`,
        body: `${number}`,
      });
      const sent = (
        await Promise.all(
          nodes.flatMap(({ writer }) => [
            writer.send(message),
            writer.send(newMessage(room, users[5]!)),
            writer.send(message),
          ]),
        )
      )
        .filter((_, place) => place % 3 !== 1)
        .map(stored);
      expect(new Set(sent.map((one) => one.message.id)).size).toBe(1);
      expect(sent.filter(({ duplicate }) => !duplicate)).toHaveLength(1);
    }
    const { messages, lastSeq } = await readRoom(nodes[0].database, room);
    expect(messages.map(({ seq }) => seq)).toEqual(upTo(lastSeq));
    expect(lastSeq).toBe(20 + 40);
  });

  it('[P6] answers a repeat that began before the first send was committed', async () => {
    const room = await newRoom();
    const [author] = users as [string];
    const logged = nodes.map((node) => node.logged.length);
    const first = { id: randomUUID(), room, author };
    const [sent, other] = await whileWaiting(
      `with member as (update members set last_read_seq = 1 where conversation_id = $2 and user_id = $3), room as (update conversations set last_seq = 1 where id = $2), topic as (insert into topics values ('conversation:' || $2::text, 1))
       insert into messages (id, conversation_id, seq, event_seq, author_id, body, idempotency_key) values ($1, $2::uuid, 1, 1, $3, 'hello', 'k')`,
      [first.id, room, author],
      () =>
        Promise.all([
          nodes[1].writer.send(newMessage(room, author, { idempotencyKey: 'k' })),
          nodes[1].writer.send(newMessage(room, users[1]!)),
        ]),
    );
    expect(stored(sent)).toMatchObject({ duplicate: true, message: { id: first.id, seq: 1 } });
    expect(stored(other)).toMatchObject({ duplicate: false, message: { seq: 2 } });
    expect(errorsOf(logged).map(({ code }) => code)).toEqual(['23505']);
  });

  it('[P11] refuses a send that waits while its author is removed', async () => {
    const [author, other] = users as [string, string];
    const room = await newRoom();
    const remove = 'delete from members where conversation_id = $1 and user_id = $2';
    const [refused, accepted] = await whileWaiting(remove, [room, author], () =>
      Promise.all([
        nodes[0].writer.send(newMessage(room, author)),
        nodes[0].writer.send(newMessage(room, other)),
      ]),
    );
    expect(refused).toEqual({ outcome: 'closed' });
    expect(stored(accepted).message.seq).toBe(1);
    expect((await readRoom(nodes[0].database, room)).messages).toHaveLength(1);
  });

  it('[P11] refuses a send that waits while its room is archived', async () => {
    const room = await newRoom();
    expect(
      await whileWaiting('update conversations set archived_at = now() where id = $1', [room], () =>
        nodes[0].writer.send(newMessage(room, users[0]!)),
      ),
    ).toEqual({ outcome: 'closed' });
    expect(await readRoom(nodes[0].database, room)).toMatchObject({
      lastSeq: 0,
      head: 0,
      messages: [],
      events: [],
    });
  });

  it('control: without a lock on the membership, the send of a removed member is stored', async () => {
    const [author] = users as [string];
    const room = await newRoom();
    const lookOnly = `
      with numbered as (
        update conversations set last_seq = last_seq + 1 where id = $1 and exists (select from members where conversation_id = $1 and user_id = $2) returning id, last_seq)
      insert into messages (id, conversation_id, seq, event_seq, author_id, body) select gen_random_uuid(), id, last_seq, last_seq, $2, 'late' from numbered`;
    await whileWaiting(
      `with removed as (delete from members where conversation_id = $1 and user_id = $2) update conversations set last_seq = last_seq + 1 where id = $1`,
      [room, author],
      () => nodes[0].database.query({ name: 'look-only', text: lookOnly }, [room, author]),
    );
    expect((await readRoom(nodes[0].database, room)).messages).toMatchObject([
      { authorId: author, body: 'late' },
    ]);
  });

  it('[P6] stores a send once whose answer is lost after the commit, and publishes it', async () => {
    const { hostname, port, pathname } = new URL(url);
    await using wire = await startFaultProxy(Number(port));
    await using node = await openWritingNode({
      DATABASE_URL: `postgresql://postgres@${hostname}:${wire.port}${pathname}`,
    });
    const room = await newRoom();
    stored(await node.writer.send(newMessage(room, users[0]!)));
    for (const idempotencyKey of ['k', undefined]) {
      const before = (await readRoom(nodes[0].database, room)).lastSeq;
      wire.stall('down');
      const sent = node.writer.send(newMessage(room, users[0]!, { idempotencyKey }));
      await until(
        'it is committed',
        async () => (await readRoom(nodes[0].database, room)).lastSeq > before,
      );
      wire.cut();
      wire.heal();
      expect(stored(await sent)).toMatchObject({ duplicate: false, message: { seq: before + 1 } });
      expect((await readRoom(nodes[0].database, room)).lastSeq).toBe(before + 1);
      expect(node.published.at(-1)!.event.seq).toBe(before + 1);
    }
    expect(node.published.map(({ event }) => event.seq)).toEqual([1, 2, 3]);
  });

  it('[P6] asks for a retry with UNAVAILABLE while the database is down, and continues afterwards', async () => {
    const { hostname, port, pathname } = new URL(url);
    await using wire = await startFaultProxy(Number(port));
    await using node = await openWritingNode({
      DATABASE_URL: `postgresql://postgres@${hostname}:${wire.port}${pathname}`,
    });
    const room = await newRoom();
    wire.cut();
    wire.refuse();
    const messages = upTo(3).map((number) =>
      newMessage(room, users[number]!, { idempotencyKey: `k${number}` }),
    );
    for (const refused of await Promise.allSettled(messages.map(node.writer.send)))
      expect(refused).toMatchObject({
        status: 'rejected',
        reason: { code: 'UNAVAILABLE', message: expect.stringContaining('same idempotencyKey') },
      });
    wire.heal();
    const sent = (await Promise.all(messages.map(node.writer.send))).map(stored);
    expect(sent.map(({ message }) => message.seq)).toEqual([1, 2, 3]);
  });

  it('stores sends to other rooms while another transaction locks the room of one send of their batch', async () => {
    const [held, ...free] = (await Promise.all(upTo(5).map(() => newRoom()))) as [
      string,
      ...string[],
    ];
    await stranger.query('begin');
    await stranger.query('select 1 from conversations where id = $1 for update', [held]);
    const stuck = nodes[0].writer.send(newMessage(held, users[0]!));
    const others = await Promise.all(
      free.map((room) => nodes[0].writer.send(newMessage(room, users[0]!))),
    );
    expect(others.map(({ outcome }) => outcome)).toEqual(free.map(() => 'stored'));
    await stranger.query('commit');
    expect(stored(await stuck).message.seq).toBe(1);
  });

  it('fails only the send that the database refuses, not the others of its batch', async () => {
    const room = await newRoom();
    const poison: NewMessage = newMessage(room, users[0]!, { body: 'a\0b' });
    const good = upTo(5).map((number) => newMessage(room, users[number]!));
    const [bad, ...sent] = await Promise.allSettled([poison, ...good].map(nodes[0].writer.send));
    expect(bad).toMatchObject({ status: 'rejected' });
    expect(sent.map(({ status }) => status)).toEqual(good.map(() => 'fulfilled'));
    expect((await readRoom(nodes[0].database, room)).lastSeq).toBe(5);
  });
});
