import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createUpload } from '../support/files.ts';
import { startGatedNode, type GatedNode } from '../support/gate.ts';
import { isEmbedded, lockMessages } from '../support/lock-messages.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { metric } from '../support/unread.ts';

const limits = { runningOperationsPerUser: 4, furtherOperations: 6, queryMaxCost: 2000 };
const patience = { timeout: 15_000 };
const settled = <Result>(work: Promise<Result>): Promise<unknown> => work.catch(() => {});
/** It counts as two, so it needs a turn that users share. */
const expensiveQuery =
  '{ users(first: 100) { edges { node { id username displayName avatarUrl role } } } }';
const readsMessages = 'query ($id: ID!) { conversation(id: $id) { lastMessage { id } } }';
const perUser = 5;

describe.skipIf(isEmbedded)('[P13] operations that wait outside of the database', () => {
  let gated: GatedNode;
  let senders: Person[];
  let dan: Person;
  let roomId: string;
  let release = () => {};
  /** An S3 service that never answers. */
  let store: Server;
  let storeRequests = 0;
  beforeAll(async () => {
    store = createServer(() => void storeRequests++).listen(0, '127.0.0.1');
    await once(store, 'listening');
    gated = await startGatedNode({
      limits,
      settings: {
        S3_ENDPOINT: `http://127.0.0.1:${(store.address() as AddressInfo).port}`,
        S3_BUCKET: 'files',
        S3_ACCESS_KEY_ID: 'id',
        S3_SECRET_ACCESS_KEY: 'secret',
      },
    });
    senders = await Promise.all(['ann', 'bob', 'cat'].map((name) => person(gated.node, name)));
    dan = await person(gated.node, 'dan');
    roomId = (await createRoom(senders[0]!, { name: 'Quay' })).id;
    for (const sender of senders.slice(1)) await joinRoom(sender, { roomId });
  });
  afterAll(async () => {
    for (const someone of [...senders, dan]) await someone[Symbol.asyncDispose]();
    store.closeAllConnections();
    store.close();
    await gated[Symbol.asyncDispose]();
  });

  const paused = () => metric(gated.node.url, 'causerie_budget_held{budget="paused_operations"}');
  const waiting = (of: string) => metric(gated.node.url, `causerie_turns_waiting{for="${of}"}`);
  function hold(): void {
    const held = new Promise<void>((resolve) => (release = resolve));
    gated.decideWith(async () => {
      await held;
      return { action: 'allow' };
    });
  }

  it('leave the turns to others while the message gate does not answer', async () => {
    hold();
    const sent = senders.flatMap((sender) =>
      Array.from({ length: perUser }, (_, place) => send(sender, roomId, `${place}`)),
    );
    await expect.poll(paused, patience).toBe(senders.length * perUser);
    expect(await waiting('operations')).toBe(0);
    expect(await dan.query(expensiveQuery)).toBeDefined();
    release();
    expect(await Promise.all(sent)).toHaveLength(senders.length * perUser);
    expect([await paused(), await waiting('operations')]).toEqual([0, 0]);
  });

  it('leave the turns to others while the store of files does not answer', async () => {
    const begun = senders.flatMap((sender) =>
      Array.from({ length: perUser }, () => settled(createUpload(sender, { sizeBytes: 10 }))),
    );
    await expect.poll(() => storeRequests, patience).toBe(senders.length * perUser);
    expect(await waiting('operations')).toBe(0);
    expect(await dan.query(expensiveQuery)).toBeDefined();
    await expect
      .poll(
        () => {
          store.closeAllConnections();
          return paused();
        },
        { timeout: 30_000 },
      )
      .toBe(0);
    await Promise.all(begun);
  });

  it('control: others wait for operations that wait for the database', async () => {
    const lock = await lockMessages(gated.node);
    const asked = senders.flatMap((sender) =>
      Array.from({ length: perUser }, () => sender.query(readsMessages, { id: roomId })),
    );
    await expect
      .poll(() => waiting('operations'), patience)
      .toBe(senders.length * perUser - senders.length - limits.furtherOperations);
    const answer = dan.query(expensiveQuery);
    await expect
      .poll(() => waiting('operations'), patience)
      .toBe(senders.length * perUser - senders.length - limits.furtherOperations + 1);
    await lock[Symbol.asyncDispose]();
    expect(await Promise.all([...asked, answer])).toBeDefined();
  });
});

describe('[P13] a user', () => {
  it('has a bounded number of operations that wait outside of the database', async () => {
    await using gated = await startGatedNode({
      settings: { RATE_LIMITS: 'on' },
      limits: { pausedOperationsPerUser: 3 },
    });
    await using ann = await person(gated.node, 'ann');
    await using bob = await person(gated.node, 'bob');
    const { id: roomId } = await createRoom(ann, { name: 'room' });
    await joinRoom(bob, { roomId });
    const release = gated.holdMessagesOf('ann');
    const accepted = Array.from({ length: 3 }, (_, place) => send(ann, roomId, `${place}`));
    const { url } = gated.node;
    await expect
      .poll(() => metric(url, 'causerie_budget_held{budget="paused_operations"}'), patience)
      .toBe(3);
    await expect(send(ann, roomId, 'further')).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      extensions: { retryAfterMs: 1000 },
    });
    await send(bob, roomId, 'of bob');
    release();
    expect(await Promise.all(accepted)).toHaveLength(3);
  });
});
