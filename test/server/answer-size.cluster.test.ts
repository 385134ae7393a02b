import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GraphQLRefused, person, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { mostUnsent, unsentBytes } from '../support/unread.ts';
import { until } from '../support/until.ts';

const mebibyte = 1024 * 1024;
let node: TestNode;
let ann: Person;
let roomId: string;

beforeAll(async () => {
  node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  ann = await person(node, 'ann');
  roomId = (await createRoom(ann, { name: 'Full' })).id;
  const first = await send(ann, roomId, '😀'.repeat(4000));
  const replies = Array.from({ length: 99 }, () =>
    send(ann, roomId, '😀'.repeat(4000), { replyToId: first.id }),
  );
  await Promise.all(replies);
});

afterAll(async () => {
  await ann[Symbol.asyncDispose]();
  await node[Symbol.asyncDispose]();
});

const page = (copies: number, fields = 'body') =>
  `{ ${Array.from({ length: copies }, (_, place) => `c${place}: conversation(id: "${roomId}") { messages(last: 100) { edges { node { ${fields} } } } }`).join(' ')} }`;
const transports: [string, (document: string, who?: Person) => Promise<any>][] = [
  ['over HTTP', (document, who = ann) => who.query(document)],
  ['over the socket', (document, who = ann) => who.ask(document)],
];

describe.each(transports)('%s', (_name, ask) => {
  it('[P13] answers the largest page of the longest messages', async () => {
    const fields = 'id seq body createdAt author { id username displayName } replyTo { body }';
    const answer = await ask(page(1, fields));
    const { edges } = answer.c0.messages;
    expect(edges).toHaveLength(100);
    expect(Buffer.byteLength(JSON.stringify(answer))).toBeGreaterThan(3 * mebibyte);
  });

  it('[P13] refuses an answer of 48 MB with one TOO_COMPLEX that says what to do, before it uses memory', async () => {
    let refusal: unknown;
    const most = await mostUnsent(node.url, async () => {
      refusal = await ask(page(30)).catch((error: unknown) => error);
    });
    expect(refusal).toBeInstanceOf(GraphQLRefused);
    expect(refusal).toMatchObject({
      code: 'TOO_COMPLEX',
      message: expect.stringMatching(/^The answer is larger than 8388608 bytes\. Request less/),
    });
    expect(most).toBeLessThan(17 * mebibyte);
    await until('nothing waits', async () => (await unsentBytes(node.url)) === 0);
  });
});

it('[P13] releases the memory of an abandoned answer', async () => {
  const abort = new AbortController();
  const asking = Array.from({ length: 10 }, () =>
    fetch(node.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.token}` },
      body: JSON.stringify({ query: page(5) }),
      signal: abort.signal,
    }).catch(() => {}),
  );
  await until('answers are made', () => unsentBytes(node.url));
  abort.abort();
  await Promise.all(asking);
  await until('nothing is held', async () => (await unsentBytes(node.url)) === 0);
});

it('[P13] control: answers all of it without the bound', async () => {
  const limits = { answerMaxBytes: 2 ** 30, connectionMaxBytes: 2 ** 30 };
  await using unbounded = await startNode({ settings: node.settings, limits });
  const bodies = await ann.at(unbounded).query(page(10));
  expect(Buffer.byteLength(JSON.stringify(bodies))).toBeGreaterThan(15 * mebibyte);
}, 120_000);

describe('an event of a subscription', () => {
  const subscription = (copies: number) =>
    `subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { __typename ... on MessageSent { message { ${Array.from({ length: copies }, (_, place) => `c${place}: body`).join(' ')} } } } }`;

  it('[P13] ends its subscription with TOO_COMPLEX if it is too large; others continue', async () => {
    await using small = await startNode({
      settings: { RATE_LIMITS: 'off' },
      limits: { eventMaxBytes: 100_000 },
    });
    await using bob = await person(small, 'bob');
    await using eve = await person(small, 'eve');
    const { id } = await createRoom(bob, { name: 'Quay' });
    await joinRoom(eve, { roomId: id });
    const modest = bob.follow(subscription(1), { roomId: id });
    const greedy = eve.follow(subscription(20), { roomId: id });
    await Promise.all([modest.count(1), greedy.count(1)]);
    await send(bob, id, '😀'.repeat(4000));
    expect(await greedy.ended()).toMatchObject({ code: 'TOO_COMPLEX' });
    await modest.count(2);
    await send(bob, id, 'on');
    await modest.count(3);
    expect(modest.ending).toBeUndefined();
  });
});
