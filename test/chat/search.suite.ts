import { afterAll, beforeAll, expect, it } from 'vitest';
import { bodiesFound, deleteMessage, editMessage, search } from '../support/messages.ts';
import { kickMember } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, guest, inviteToRoom, joinRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { searchTable } from '../support/search-table.ts';
import { bodiesUpTo, send } from '../support/send-and-follow.ts';

export function describeSearch({ isEmbedded }: { readonly isEmbedded: boolean }): void {
  let node: TestNode;
  let ann: Person, bob: Person, root: Person, gus: Person;
  let open: string, hidden: string;
  beforeAll(async () => {
    node = await startNode({
      isEmbedded,
      settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    });
    [ann, bob, root] = (await Promise.all(
      ['ann', 'bob', 'root'].map((name) => person(node, name)),
    )) as [Person, Person, Person];
    gus = await guest(node, 'Gus');
    ({ id: open } = await createRoom(ann, { name: 'open' }));
    ({ id: hidden } = await createRoom(ann, { name: 'hidden', visibility: 'PRIVATE' }));
    await joinRoom(bob, { roomId: open });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it('finds whole words in any case, phrases, alternatives, and no excluded words, newest first', async () => {
    for (const body of [
      'The quick brown fox',
      'a brown, QUICK cat',
      'Größe und Ähre',
      'no such animal',
    ])
      await send(ann, open, body);
    expect(await bodiesFound(bob, 'quick')).toEqual(['a brown, QUICK cat', 'The quick brown fox']);
    expect(await bodiesFound(bob, 'brown QUICK')).toEqual([
      'a brown, QUICK cat',
      'The quick brown fox',
    ]);
    expect(await bodiesFound(bob, '"quick brown"')).toEqual(['The quick brown fox']);
    expect(await bodiesFound(bob, 'quick -cat')).toEqual(['The quick brown fox']);
    expect(await bodiesFound(bob, 'fox or animal')).toEqual([
      'no such animal',
      'The quick brown fox',
    ]);
    expect(await bodiesFound(bob, 'größe')).toEqual(['Größe und Ähre']);
    expect(await bodiesFound(bob, 'qui ')).toEqual([]);
    expect(await bodiesFound(bob, 'qui')).toEqual(['a brown, QUICK cat', 'The quick brown fox']);
    expect(await bodiesFound(bob, 'the')).toEqual(['The quick brown fox']);
  });

  it('finds words, links, names of files and code, in any script, and nothing else', async () => {
    const { id: conversationId } = await createRoom(ann, { name: 'table' });
    const ids = new Map<string, string>();
    for (const { text } of searchTable) ids.set(text, (await send(ann, conversationId, text)).id);
    const results: string[] = [];
    for (const { text, found, notFound } of searchTable)
      for (const query of [...found, ...notFound]) {
        const { edges } = await search(ann, query, { conversationId });
        const isFound = edges.some(({ node }: any) => node.id === ids.get(text));
        if (isFound !== found.includes(query))
          results.push(`${JSON.stringify(query)} ${isFound ? 'finds' : 'misses'} ${text}`);
      }
    expect(results).toEqual([]);
  });

  it('[P11] finds nothing in hidden conversations, by words, by id, or by counting', async () => {
    await send(ann, hidden, 'zanzibar one');
    await send(ann, open, 'zanzibar two');
    expect(await bodiesFound(ann, 'zanzibar')).toEqual(['zanzibar two', 'zanzibar one']);
    for (const someone of [bob, root, gus]) {
      const page = await search(someone, 'zanzibar');
      expect(page.edges.map(({ node }: any) => node.body)).toEqual(['zanzibar two']);
      expect(page.pageInfo).toMatchObject({ hasNextPage: false, hasPreviousPage: false });
      const refusal = (conversationId: string) =>
        search(someone, 'zanzibar', { conversationId }).catch(({ code, message }) => ({
          code,
          message,
        }));
      expect(await refusal(hidden)).toEqual(await refusal('01890000-0000-7000-8000-000000000000'));
      expect(await refusal(hidden)).toMatchObject({ code: 'NOT_FOUND' });
      expect(await refusal('nonsense')).toMatchObject({ code: 'NOT_FOUND' });
    }
    await inviteToRoom(ann, { roomId: hidden, userIds: [bob.id] });
    expect(await bodiesFound(bob, 'zanzibar', { conversationId: hidden })).toEqual([
      'zanzibar one',
    ]);
    const [newest] = (await search(bob, 'zanzibar', { first: 1 })).edges;
    await kickMember(ann, { roomId: hidden, userId: bob.id });
    expect(await bodiesFound(bob, 'zanzibar', { after: newest.cursor })).toEqual([]);
    expect(await bodiesFound(bob, 'zanzibar')).toEqual(['zanzibar two']);
  });

  it('finds a message by its current words', async () => {
    const { id: messageId } = await send(ann, open, 'aardvark');
    await editMessage(ann, { messageId, body: 'buffalo' });
    expect([await bodiesFound(bob, 'aardvark'), await bodiesFound(bob, 'buffalo')]).toEqual([
      [],
      ['buffalo'],
    ]);
    await deleteMessage(ann, { messageId });
    expect(await bodiesFound(bob, 'buffalo')).toEqual([]);
  });

  it.each([
    ['in one conversation', true],
    ['in all', false],
  ])(
    'pages %s without a gap or a repeat, forwards and backwards, while messages arrive',
    async (_, isOne) => {
      const { id: one } = await createRoom(ann, { name: `pages ${isOne}` });
      const { id: other } = await createRoom(ann, { name: `more pages ${isOne}` });
      const word = isOne ? 'needle' : 'pin';
      const sendBoth = async (from: number, count: number) => {
        for (const number of bodiesUpTo(count, from))
          await Promise.all([
            send(ann, one, `${word} ${number}`),
            send(ann, isOne ? one : other, `${word} and ${number}`),
            send(ann, one, 'hay'),
          ]);
      };
      await sendBoth(1, 12);
      const request = isOne ? { conversationId: one } : {};
      const expected = (await search(bob, word, { ...request, first: 100 })).edges.map(
        ({ node }: any) => node.body,
      );
      expect(expected).toHaveLength(24);
      const coming = sendBoth(13, 20);
      for (const [size, from, cursor, more] of [
        ['first', 'after', 'endCursor', 'hasNextPage'],
        ['last', 'before', 'startCursor', 'hasPreviousPage'],
      ] as const) {
        const seen: string[][] = [];
        let page = await search(bob, word, { ...request, [size]: 5 });
        const bodiesOn = () => page.edges.map(({ node }: any) => node.body);
        for (seen.push(bodiesOn()); page.pageInfo[more]; seen.push(bodiesOn()))
          page = await search(bob, word, { ...request, [size]: 5, [from]: page.pageInfo[cursor] });
        const all = (from === 'before' ? seen.toReversed() : seen).flat();
        expect(all.slice(-24)).toEqual(expected);
        expect(new Set(all).size).toBe(all.length);
      }
      await coming;
    },
  );

  it('[P12] refuses invalid queries, and never fails', async () => {
    for (const query of [
      '',
      ' ',
      '-fox',
      '!!!',
      '""',
      '-',
      'fox or -cat',
      '\0',
      'a\0b',
      'x'.repeat(257),
    ])
      await expect(search(bob, query), JSON.stringify(query)).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field: 'query' },
      });
    const odd = [
      "'",
      "''",
      "fox'",
      '"',
      '"fox',
      'fox" "',
      'fox & | ! ( ) :* <->',
      ':* fox',
      '((fox',
      '\\',
      "\\' fox",
      'fox;drop table messages',
      '%',
      '_',
      '$1',
      '🦊',
      'a'.repeat(256),
      'or',
      'fox or',
      'or or or',
      '- - fox',
      '--fox',
      'a:b:c/d?e=f@g.h',
      '"a b" -"c d" or e',
      'x y '.repeat(64).trim(),
      '\u202e fox',
      '狐',
    ];
    for (const query of odd)
      await search(bob, query).catch((error) =>
        expect(error, query).toMatchObject({ code: 'INVALID' }),
      );
    for (const forged of [
      'nonsense',
      'null',
      '[]',
      '["x","y",1]',
      `["2026-01-01T00:00:00Z","${open}",-1]`,
      `["2026-01-01T00:00:00Z","${open}",1e12]`,
      '{"gt":1}',
    ])
      for (const after of [forged, Buffer.from(forged).toString('base64url')])
        await expect(search(bob, 'fox', { after })).rejects.toMatchObject({ code: 'INVALID' });
    await expect(search(bob, 'fox', { first: 101 })).rejects.toMatchObject({ code: 'INVALID' });
  });
}
