import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../support/bare-clients.ts';
import { isEmbedded, lockMessages } from '../support/lock-messages.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, guest } from '../support/rooms.ts';
import { service } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { metric } from '../support/unread.ts';

const limits = {
  runningOperationsPerUser: 4,
  furtherOperations: 6,
  waitingOperationsPerUser: 5,
  pageReadsPerUser: 3,
};
const allowed = limits.runningOperationsPerUser + limits.waitingOperationsPerUser;
const databaseConnections = 10;
const readsMessages = 'query ($id: ID!) { conversation(id: $id) { lastMessage { id } } }';
const readsUsers = '{ users(first: 1) { edges { node { id } } } }';
/** Reads no message, unlike an answer that selects the room. */
const joinsRoom = 'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { __typename } }';
const patience = { timeout: 15_000 };

const waitingTurns = ({ url }: TestNode, of = 'operations') =>
  metric(url, `causerie_turns_waiting{for="${of}"}`);

/** One operation that reads this number of pages of messages. */
const readsPages = (count: number) =>
  `query ($id: ID!) { conversation(id: $id) {
    ${Array.from({ length: count }, (_, place) => `p${place}: messages(last: ${place + 1}) { edges { node { id } } }`).join('\n')}
  } }`;

/** Half of them over HTTP, the others each over one of several sockets. */
function askMany(who: Person, roomId: string, count: number): Promise<string>[] {
  const sockets = Array.from({ length: 3 }, () => who.connect());
  return Array.from({ length: count }, async (_, place) => {
    const variables = { id: roomId };
    const answer =
      place % 2
        ? who.query(readsMessages, variables)
        : who.ask(readsMessages, variables, sockets[place % sockets.length]);
    return answer.then(
      () => 'ok',
      ({ code }) => code as string,
    );
  });
}

describe.skipIf(isEmbedded)('the queries and mutations of a user', () => {
  let node: TestNode;
  let unbounded: TestNode;
  beforeAll(async () => {
    node = await startNode({ limits });
    unbounded = await startNode({
      limits: {
        runningOperationsPerUser: 1000,
        furtherOperations: 1000,
        startsPerUser: 1000,
        furtherStarts: 1000,
        pageReadsPerUser: 1000,
        furtherPageReads: 1000,
      },
    });
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    await unbounded[Symbol.asyncDispose]();
  });

  it('[P13] are limited over all of their connections, and leave others the database', async () => {
    await using ann = await person(node, 'ann');
    await using bob = await person(node, 'bob');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await using lock = await lockMessages(node);
    const answers = askMany(ann, id, allowed + 20);
    await expect.poll(() => waitingTurns(node), patience).toBe(limits.waitingOperationsPerUser);
    await expect.poll(lock.waiting, patience).toBe(limits.runningOperationsPerUser);
    expect(await bob.query(readsUsers)).toBeDefined();
    await lock[Symbol.asyncDispose]();
    const codes = await Promise.all(answers);
    expect(codes.filter((code) => code !== 'RATE_LIMITED')).toHaveLength(allowed);
    expect(await waitingTurns(node)).toBe(0);
  });

  it('control: without the limits, one user occupies all connections to the database', async () => {
    await using ann = await person(unbounded, 'ann');
    const { id } = await createRoom(ann, { name: 'Quay' });
    await using lock = await lockMessages(unbounded);
    const answers = askMany(ann, id, allowed + 20);
    await expect.poll(lock.waiting, patience).toBe(databaseConnections);
    await lock[Symbol.asyncDispose]();
    expect(await Promise.all(answers)).not.toContain('RATE_LIMITED');
  });

  it('[P13] the refusal says what to do', async () => {
    await using ann = await person(node, 'cid');
    const { id } = await createRoom(ann, { name: 'Pier' });
    await using _lock = await lockMessages(node);
    void askMany(ann, id, allowed);
    await expect.poll(() => waitingTurns(node), patience).toBe(limits.waitingOperationsPerUser);
    await expect(ann.query(readsMessages, { id })).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('Wait for their answers'),
      extensions: { retryAfterMs: expect.any(Number) },
    });
  });

  it('[P13] those of the guests of an address count together, apart from those without a token', async () => {
    const guests = await Promise.all(
      Array.from({ length: 3 }, (_, place) => guest(node, `Guest ${place}`)),
    );
    const { id } = await createRoom(await person(node, 'dan'), { name: 'Dock' });
    await using lock = await lockMessages(node);
    const answers = guests.flatMap(({ token }) =>
      Array.from({ length: allowed }, () =>
        ask(node.url, readsMessages, { id }, { authorization: `Bearer ${token}` }),
      ),
    );
    await expect.poll(() => waitingTurns(node), patience).toBe(limits.waitingOperationsPerUser);
    await guest(node, 'Late');
    await lock[Symbol.asyncDispose]();
    const codes = (await Promise.all(answers)).map(({ code }) => code);
    expect(codes.filter((code) => code !== 'RATE_LIMITED')).toHaveLength(allowed);
  });

  it.each([
    ['[P13] start in turn, over all sockets', () => node, 4],
    ['control: start all at once without the limit', () => unbounded, databaseConnections],
  ] as const)('subscriptions %s', async (_name, nodeOf, startingAtOnce) => {
    await using eve = await person(nodeOf(), 'eve');
    const { id } = await createRoom(eve, { name: 'Mole' });
    const sockets = Array.from({ length: 3 }, () => eve.connect());
    await using lock = await lockMessages(nodeOf());
    const followed = Array.from({ length: 60 }, (_, place) =>
      eve.follow(
        `subscription S${place}($id: ID!) { roomMessages(roomId: $id, last: 5) { __typename } }`,
        { id },
        sockets[place % sockets.length],
      ),
    );
    await expect.poll(lock.waiting, patience).toBe(startingAtOnce);
    await lock[Symbol.asyncDispose]();
    for (const one of followed)
      await one.until(({ events, ending }) => events.length > 0 || ending);
    expect(followed.filter(({ ending }) => ending)).toEqual([]);
  });

  it('[P13] the pages that one operation reads leave others the database', async () => {
    const pages = 12;
    await using fay = await person(node, 'fay');
    await using gil = await person(node, 'gil');
    const { id } = await createRoom(fay, { name: 'Weir' });
    await using lock = await lockMessages(node);
    const answer = fay.query(readsPages(pages), { id });
    await expect.poll(lock.waiting, patience).toBe(limits.pageReadsPerUser);
    await expect
      .poll(() => waitingTurns(node, 'page_reads'), patience)
      .toBe(pages - limits.pageReadsPerUser);
    expect(await gil.query(readsUsers)).toBeDefined();
    await lock[Symbol.asyncDispose]();
    expect(Object.keys((await answer).conversation)).toHaveLength(pages);
  });

  it('control: without the limit, they occupy all connections to the database', async () => {
    await using fay = await person(unbounded, 'fay');
    const { id } = await createRoom(fay, { name: 'Weir' });
    await using lock = await lockMessages(unbounded);
    const answer = fay.query(readsPages(12), { id });
    await expect.poll(lock.waiting, patience).toBe(databaseConnections);
    await lock[Symbol.asyncDispose]();
    await answer;
  });

  it.each([
    ['[P13] that the events of subscriptions read', () => node, limits.pageReadsPerUser],
    ['control: without the limit, that events read', () => unbounded, databaseConnections],
  ] as const)('the pages %s', async (_name, nodeOf, readingAtOnce) => {
    await using hal = await person(nodeOf(), 'hal');
    await using ida = await person(nodeOf(), 'ida');
    const { id } = await createRoom(hal, { name: 'Lock' });
    const followed = Array.from({ length: 12 }, (_, place) =>
      hal.follow(
        `subscription S${place}($id: ID!) { roomMessages(roomId: $id, last: 1) { ... on MemberJoined { conversation { messages(last: 1) { edges { cursor } } } } } }`,
        { id },
      ),
    );
    for (const one of followed) await one.count(1);
    await using lock = await lockMessages(nodeOf());
    await ida.query(joinsRoom, { input: { roomId: id } });
    await expect.poll(lock.waiting, patience).toBe(readingAtOnce);
    await lock[Symbol.asyncDispose]();
    for (const one of followed) await one.count(2);
  });

  it('those of a backend do not wait', async () => {
    const shop = await service(node);
    const answers = Array.from({ length: 3 * allowed }, () =>
      shop.query('{ serverInfo { time } }'),
    );
    expect(await Promise.all(answers)).toHaveLength(3 * allowed);
  });
});

it('lists its limits', async () => {
  await using node = await startNode({ limits });
  const { data } = await ask(
    node.url,
    '{ serverInfo { limits { runningOperationsPerUser waitingOperationsPerUser } } }',
  );
  const { runningOperationsPerUser, waitingOperationsPerUser } = limits;
  expect(data.serverInfo.limits).toEqual({ runningOperationsPerUser, waitingOperationsPerUser });
});
