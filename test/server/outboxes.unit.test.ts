import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { expect, it } from 'vitest';
import { defaultLimits } from '../../src/limits.ts';
import { createMetrics } from '../../src/metrics.ts';
import { createOutboxes } from '../../src/server/outboxes.ts';

/** The server's end of a connection that its client cuts off. */
async function accepted() {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.on('error', () => {});
  const [socket] = (await once(server, 'connection')) as [Socket];
  socket.on('error', () => {}).resume();
  return {
    socket,
    async cutOff() {
      const closed = new Promise((resolve) => socket.once('close', resolve));
      client.resetAndDestroy();
      await closed;
      server.close();
    },
  };
}

it('[P13] keeps the outbox of a connection until it closes, and none after that', async () => {
  const outboxes = createOutboxes(defaultLimits, 2 ** 20, createMetrics());
  const { socket, cutOff } = await accepted();
  const outbox = outboxes.of(socket);
  expect(outboxes.of(socket)).toBe(outbox);
  await cutOff();
  const late = outboxes.of(socket);
  expect(late.isGone).toBe(true);
  expect(outboxes.of(socket)).not.toBe(late);
  outboxes.stop();
});
