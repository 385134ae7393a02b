import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kinds } from '../../src/chat/kinds.ts';
import { unreadStatement } from '../../src/chat/conversations/read-state.ts';
import { indexWords } from '../../src/chat/messages/index-words.ts';
import { erasingAssignments } from '../../src/chat/messages/message-fields.ts';
import { parseSearch, tsqueryOf, tsvectorOf } from '../../src/chat/messages/search-query.ts';
import { searchStatement, type Source } from '../../src/chat/messages/search-statement.ts';
import { createParameters } from '../../src/db/parameters.ts';
import { addRoom, addUsers, newMessage, openWritingNode, stored } from '../support/writing.ts';
import type { WritingNode } from '../support/writing.ts';

/** How the words of messages are stored and found, on both databases. */
export function describeMessageWords(settings: () => Promise<Record<string, string>>): void {
  let node: WritingNode;
  let ann: string;
  let room: string;
  beforeAll(async () => {
    node = await openWritingNode(await settings(), 1);
    [ann] = (await addUsers(node.database, 1)) as [string];
    room = await addRoom(node.database, [ann]);
  });
  afterAll(() => node[Symbol.asyncDispose]());

  const run = (text: string, ...values: unknown[]) =>
    node.database.prisma.$executeRawUnsafe(text, ...values);
  const idsFound = async (query: string) =>
    (
      await node.database.prisma.$queryRawUnsafe<{ id: string }[]>(
        'select id from messages where words @@ $1::text::tsquery',
        tsqueryOf(parseSearch(query)),
      )
    ).map(({ id }) => id);
  const send = async (body: string) =>
    stored(await node.writer.send(newMessage(room, ann, { body, words: tsvectorOf(body) }))).message
      .id;

  it('a send stores them and a deletion removes them', async () => {
    const id = await send('read/write 東京都');
    expect([await idsFound('write'), await idsFound('京都')]).toEqual([[id], [id]]);
    await run(`update messages set ${erasingAssignments} where id = $1::uuid`, id);
    expect([await idsFound('write'), await idsFound('京都')]).toEqual([[], []]);
  });

  it('every character of Unicode can be stored and searched for', async () => {
    const codes = Array.from({ length: 0x110000 }, (_, code) => code);
    const characters = codes
      .filter((code) => code > 0 && (code < 0xd800 || code > 0xdfff))
      .map((code) => `${String.fromCodePoint(code)}x`);
    for (let from = 0; from < characters.length; from += 10_000) {
      const text = characters.slice(from, from + 10_000).join(' ');
      await run('select $1::text::tsvector', tsvectorOf(text));
      await run('select $1::text::tsquery', tsqueryOf(parseSearch(text.slice(0, 2000))));
    }
  });

  it('messages without words get them, the newest first, and deleted ones get none', async () => {
    const target = await addRoom(node.database, [ann]);
    await run(
      `insert into messages (id, conversation_id, seq, event_seq, author_id, body)
       select gen_random_uuid(), $1::uuid, n, n, $2::uuid, case when n > 1 then 'imported/' || n || '.nai\u0308ve' end
       from generate_series(1, 1200) as n`,
      target,
      ann,
    );
    const batch = () => node.database.prisma.$transaction(indexWords);
    expect(await batch()).toBe(500);
    expect((await idsFound('imported')).length).toBe(500);
    const { id: newest } = (await node.database.prisma.message.findFirst({
      where: { conversationId: target, body: { not: null } },
      orderBy: { id: 'desc' },
      select: { id: true },
    }))!;
    expect(await idsFound('imported')).toContain(newest);
    expect([await batch(), await batch(), await batch()]).toEqual([500, 199, 0]);
    expect((await idsFound('"imported naïve"')).length).toBe(0);
    expect((await idsFound('imported naïve')).length).toBe(1199);
    expect((await idsFound('imported/7.naive')).length).toBe(1);
  });

  describe('the plan of a search', () => {
    beforeAll(async () => {
      const large = await addRoom(node.database, [ann]);
      await run(
        `insert into messages (id, conversation_id, seq, event_seq, author_id, body, words)
         select gen_random_uuid(), $1::uuid, n, n, $2::uuid, 'word' || n, ('''word' || n || ''':1')::tsvector
         from generate_series(1, 20000) as n`,
        large,
        ann,
      );
      await run('analyze');
    });

    const planOf = (text: string, types: string, values: string) =>
      node.database.prisma.$transaction(async (transaction) => {
        await transaction.$executeRawUnsafe(`prepare found (${types}) as ${text}`);
        const lines = await transaction.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
          `explain execute found (${values})`,
        );
        await transaction.$executeRawUnsafe('deallocate found');
        return lines.map((line) => line['QUERY PLAN']).join('\n');
      });
    const planOfSearch = async (
      source: Source,
      conversationId: string | undefined,
      change = (statement: string) => statement,
    ) => {
      const { values, add } = createParameters();
      const statement = searchStatement(add, source, {
        kinds,
        words: tsqueryOf(parseSearch('word17/wo')),
        viewerId: randomUUID(),
        isAdmin: false,
        conversationId,
        bounds: { after: undefined, before: undefined, limit: 21, inverted: false },
      });
      const lines = await node.database.prisma.$queryRawUnsafe<{ 'QUERY PLAN': string }[]>(
        `explain ${change(statement)}`,
        ...values,
      );
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    };

    it('reads the messages by an index', async () => {
      for (const conversationId of [undefined, randomUUID()]) {
        expect(await planOfSearch('words', conversationId)).toMatch(
          /Bitmap Index Scan on messages_words/,
        );
        expect(await planOfSearch('newest', conversationId)).toMatch(
          /Index Scan.* using messages_(in_time|conversation_id_seq_key)/,
        );
        for (const source of ['newest', 'words'] as const)
          expect(await planOfSearch(source, conversationId)).not.toMatch(/Seq Scan on messages/);
      }
    });

    it('of an unread count reads only messages that do not count', async () => {
      const plan = await planOf(
        unreadStatement(kinds).text,
        'uuid, uuid[], bool',
        `'${randomUUID()}', array['${randomUUID()}']::uuid[], false`,
      );
      expect(plan).toMatch(/Index (Only )?Scan (using|on) messages_uncounted/);
      expect(plan).not.toMatch(/Seq Scan on messages/);
    });

    it('control: a search for something that is not indexed reads all messages', async () => {
      const plan = await planOfSearch('words', undefined, (statement) =>
        statement.replace('words @@', `(words || ''::tsvector) @@`),
      );
      expect(plan).toMatch(/Seq Scan on messages/);
    });
  });
}
