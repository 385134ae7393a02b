import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { createRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { until } from '../support/until.ts';
import { followDocument } from './observations.ts';

/** A client that takes no notice of being closed. */
async function connectHeedless(
  node: TestNode,
  token: string,
): Promise<{ socket: Socket; received: () => string; write(message: unknown): void }> {
  const { port } = new URL(node.url);
  const socket = connect(Number(port), '127.0.0.1');
  await once(socket, 'connect');
  let received = '';
  const key = randomBytes(16).toString('base64');
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n`,
  );
  socket.on('data', (bytes) => (received += bytes.toString('latin1')));
  await until('the upgrade', () => received.includes('101 Switching'));
  const write = (message: unknown) => void socket.write(frameOf(JSON.stringify(message)));
  write({ type: 'connection_init', payload: { token } });
  await until('the acknowledgement', () => received.includes('connection_ack'));
  return { socket, received: () => received, write };
}

/** A text frame of a client: masked, by zeros (RFC 6455 §5.2). */
function frameOf(text: string): Buffer {
  const header = Buffer.from([0x81, 0x80 | 126, 0, 0, 0, 0, 0, 0]);
  header.writeUInt16BE(Buffer.byteLength(text), 2);
  return Buffer.concat([header, Buffer.from(text)]);
}

it('[P10] a client that ignores the close after its token expired receives nothing and can do nothing', async () => {
  await using node = await startNode({ settings: { RATE_LIMITS: 'off' } });
  await using ann = await person(node, 'ann');
  const { id } = await createRoom(ann, { name: 'Quay' });
  const key = new TextEncoder().encode(node.settings.JWT_SECRET);
  const token = await new SignJWT({})
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(ann.id)
    .setExpirationTime(Math.floor(Date.now() / 1000) + 2)
    .sign(key);
  const { socket, received, write } = await connectHeedless(node, token);
  const follow = { query: followDocument, variables: { roomId: id } };
  write({ id: '1', type: 'subscribe', payload: follow });
  await until('the subscription runs', () => received().includes('CaughtUp'));
  await send(ann, id, 'in time');
  await until('the event is received', () => received().includes('in time'));
  await until('the token has ended', () => received().includes('Token expired'));
  write({ id: '2', type: 'subscribe', payload: follow });
  const input = { conversationId: id, body: 'after the end' };
  write({
    id: '3',
    type: 'subscribe',
    payload: {
      query:
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }',
      variables: { input },
    },
  });
  await delay(200);
  await send(ann, id, 'too late');
  await delay(200);
  expect(received()).not.toContain('too late');
  const { room } = await ann.query(
    'query ($id: ID) { room(id: $id) { messages { edges { node { body } } } } }',
    { id },
  );
  expect(room.messages.edges.map(({ node: { body } }: { node: { body: string } }) => body)).toEqual(
    ['in time', 'too late'],
  );
  socket.destroy();
});

it('a client that ignores a close does not keep a node from stopping', async () => {
  const node = await startNode();
  await using ann = await person(node, 'ann');
  const { socket } = await connectHeedless(node, ann.token);
  const startedAt = performance.now();
  await node[Symbol.asyncDispose]();
  expect(performance.now() - startedAt).toBeLessThan(12_000);
  socket.destroy();
});
