import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startNode } from '../support/start-node.ts';

/** Messages of the protocol that are sent in one packet. */
const flood = 200;

/** Counts the turns of the event loop, which the node of the test has in common with the test. */
function countTurns() {
  let turns = 0;
  let next = setImmediate(count);
  function count(): void {
    turns++;
    next = setImmediate(count);
  }
  return { now: () => turns, [Symbol.dispose]: () => clearImmediate(next) };
}

it('[P13] the messages of one packet leave turns of the event loop to other clients', async () => {
  await using node = await startNode();
  const socket = new WebSocket(node.wsUrl, 'graphql-transport-ws');
  await once(socket, 'open');
  socket.send('{"type":"connection_init"}');
  await once(socket, 'message');
  using turns = countTurns();
  const answeredAt: number[] = [];
  socket.on('message', () => answeredAt.push(turns.now()));
  const { _socket: packet } = socket as unknown as { readonly _socket: Socket };
  packet.cork();
  for (let count = 0; count < flood; count++) socket.send('{"type":"ping"}');
  packet.uncork();
  await expect.poll(() => answeredAt.length, { timeout: 15_000 }).toBe(flood);
  expect(answeredAt.at(-1)! - answeredAt[0]!).toBeGreaterThan(flood / 2);
  socket.terminate();
});
