import { expect, it } from 'vitest';
import { startFaultProxy } from '../support/fault-proxy.ts';
import type { Received } from '../support/received.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { startNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

const settings = { RATE_LIMITS: 'off' };
const connectionBufferBytes = 256 * 1024;
const count = 320;

/**
 * The kernel's buffers hold some 36 MB for a connection, so each of the events is made to take 160
 * KB.
 */
const body = `${'😀'.repeat(3990)}`;
const copies = Array.from({ length: 9 }, (_, place) => `copy${place}: body`).join(' ');
const subscription = `subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { __typename cursor ... on MessageSent { message { seq body ${copies} } } } }`;

async function followLive(who: Person, roomId: string, socket = who.socket): Promise<Received> {
  const received = who.follow(subscription, { roomId }, socket);
  await received.count(1);
  return received;
}

async function sendAll(who: Person, roomId: string): Promise<void> {
  for (let sent = 0; sent < count; sent += 20)
    await Promise.all(Array.from({ length: 20 }, () => send(who, roomId, body)));
}

const seqs = ({ events }: Received) => events.slice(1).map(({ message }) => message.seq);
const everySeq = Array.from({ length: count }, (_, place) => place + 1);

it('[P5] a client that stops reading uses bounded memory, receives a replay later, and delays no other client', async () => {
  await using node = await startNode({ settings, limits: { connectionBufferBytes } });
  await using wire = await startFaultProxy(Number(new URL(node.url).port));
  await using ann = await person(node, 'ann');
  await using bob = await person(node, 'bob');
  const { id } = await createRoom(ann, { name: 'Quay' });
  await joinRoom(bob, { roomId: id });
  const quick = await followLive(ann, id);
  const slow = await followLive(
    bob,
    id,
    bob.connect({ url: `ws://127.0.0.1:${wire.port}/graphql` }),
  );
  wire.stall('down');
  await sendAll(ann, id);
  await quick.until(() => seqs(quick).length === count);
  expect(seqs(slow).length).toBeLessThan(count);
  expect(await metric(node.url, 'causerie_slow_readers_total{outcome="replayed"}')).toBeGreaterThan(
    0,
  );
  wire.heal();
  await slow.until(() => seqs(slow).length >= count, 20_000);
  expect(seqs(slow)).toEqual(everySeq);
  expect(seqs(quick)).toEqual(everySeq);
}, 120_000);

it('[P5] a client that never reads again is closed with 1013, which clients retry', async () => {
  await using node = await startNode({
    settings,
    limits: { connectionBufferBytes, writeDeadlineMs: 1000, drainBytesPerSecond: 1024 * 1024 },
  });
  await using wire = await startFaultProxy(Number(new URL(node.url).port));
  await using ann = await person(node, 'ann');
  const { id } = await createRoom(ann, { name: 'Quay' });
  const stuck = await followLive(
    ann,
    id,
    ann.connect({ url: `ws://127.0.0.1:${wire.port}/graphql` }),
  );
  wire.stall('down');
  await sendAll(ann, id);
  await expect
    .poll(() => metric(node.url, 'causerie_slow_readers_total{outcome="closed"}'), {
      timeout: 30_000,
    })
    .toBe(1);
  wire.heal();
  await stuck.until(({ ending }) => ending, 20_000);
  expect(stuck.ending!.error).toMatchObject({ code: '1013' });
}, 120_000);

async function metric(url: string, name: string): Promise<number | undefined> {
  const text = await (await fetch(new URL('/metrics', url))).text();
  const line = text.split('\n').find((one) => one.startsWith(name));
  return line === undefined ? undefined : Number(line.slice(name.length));
}
