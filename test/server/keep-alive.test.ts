import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { startNode } from '../support/start-node.ts';

it('closes a socket whose peer no longer answers pings, and no other', async () => {
  await using node = await startNode({
    limits: { pingIntervalMs: 100, pongTimeoutMs: 150, connectionInitMs: 10_000 },
  });
  const open = async (autoPong: boolean) => {
    const socket = new WebSocket(node.wsUrl, 'graphql-transport-ws', { autoPong });
    await once(socket, 'open');
    return socket;
  };
  const [silent, answering] = [await open(false), await open(true)];
  let pings = 0;
  answering.on('ping', () => pings++);
  const [code] = await once(silent, 'close');
  expect(code).toBe(1006);
  await delay(500);
  expect(answering.readyState).toBe(WebSocket.OPEN);
  expect(pings).toBeGreaterThan(3);
  answering.terminate();
});
