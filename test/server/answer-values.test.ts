import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/bare-clients.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

const limits = { answerValuesBurst: 3000, answerValuesPerSecond: 1 };
/** 6 KB of query, 1,000 values of answer. */
const page = (id: string) =>
  `{ ${Array.from({ length: 10 }, (_, place) => `c${place}: conversation(id: "${id}") { messages(last: 100) { edges { node { id seq createdAt body editedAt } } } }`).join(' ')} }`;

let node: TestNode;
let unlimited: TestNode;

beforeAll(async () => {
  node = await startNode({ limits });
  unlimited = await startNode({ limits, settings: { RATE_LIMITS: 'off' } });
});
afterAll(async () => {
  await node[Symbol.asyncDispose]();
  await unlimited[Symbol.asyncDispose]();
});

/** A room with twenty messages, and its author. */
async function roomOf(at: TestNode, name: string): Promise<{ ann: Person; roomId: string }> {
  const ann = await person(at, name);
  const { id } = await createRoom(ann, { name: `Room of ${name}` });
  await Promise.all(Array.from({ length: 20 }, (_, place) => send(ann, id, `${place}`)));
  return { ann, roomId: id };
}

async function codesOf(at: TestNode, { token }: Person, query: string, count: number) {
  const codes: (string | undefined)[] = [];
  for (let done = 0; done < count; done++)
    codes.push((await ask(at.url, query, {}, { authorization: `Bearer ${token}` })).code);
  return codes;
}

describe('the values in the answers to a user', () => {
  it('[P13] are limited, over all of their connections, and do not limit others', async () => {
    const { ann, roomId } = await roomOf(node, 'ann');
    await using _ann = ann;
    const codes = await codesOf(node, ann, page(roomId), 6);
    expect(codes[0]).toBeUndefined();
    expect(codes.at(-1)).toBe('RATE_LIMITED');
    await expect(ann.ask('{ viewer { id } }')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringMatching(/smaller pages/),
      extensions: { retryAfterMs: expect.any(Number) },
    });
    await using bob = await person(node, 'bob');
    await expect(bob.ask('{ viewer { id } }')).resolves.toEqual({ viewer: { id: bob.id } });
  });

  it('[P13] are limited for operations that run at the same time', async () => {
    const { ann, roomId } = await roomOf(node, 'cid');
    await using _ann = ann;
    const codes = await Promise.all(
      Array.from({ length: 40 }, async () => (await codesOf(node, ann, page(roomId), 1))[0]),
    );
    // Two bursts: the rest of the allowance, and a debt of the same size.
    expect(codes.filter((code) => code === undefined).length).toBeLessThanOrEqual(7);
    expect(codes).toContain('RATE_LIMITED');
  });

  it('would not be limited without the allowance', async () => {
    const { ann, roomId } = await roomOf(unlimited, 'ann');
    await using _ann = ann;
    const codes = await codesOf(unlimited, ann, page(roomId), 10);
    expect(new Set(codes)).toEqual(new Set([undefined]));
  });
});

it('lists its limits', async () => {
  const { data } = await ask(
    unlimited.url,
    '{ serverInfo { limits { answerValuesBurst answerValuesPerSecond subscriptionVariablesMaxCharacters } } }',
  );
  expect(data.serverInfo.limits).toEqual({ ...limits, subscriptionVariablesMaxCharacters: 4000 });
});

it('[P13] the declared variables of a subscription are limited, because they are stored', async () => {
  await using eve = await person(unlimited, 'eve');
  const typing = 'subscription ($id: ID!) { typing(conversationId: $id) { __typename } }';
  expect(await eve.follow(typing, { id: 'x'.repeat(5000) }).ended()).toMatchObject({
    code: 'TOO_COMPLEX',
  });
  // The control: shorter ones are accepted, and then there is no such conversation.
  expect(await eve.follow(typing, { id: 'x'.repeat(3000) }).ended()).toMatchObject({
    code: 'NOT_FOUND',
  });
});
