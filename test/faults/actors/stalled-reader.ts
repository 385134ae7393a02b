import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { NodeProcess } from '../cluster/node-process.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import type { Actor, Room, Run } from './run.ts';

/** So that the buffers of the kernel, which hold megabytes, are soon full. */
const copies = Array.from({ length: 25 }, (_, place) => `copy${place}: body`).join(' ');
const document = `subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { cursor ... on MessageSent { message { ${copies} } } } }`;
/**
 * A client that reads nothing for 30 s is closed. One that leaves a ping unanswered is disconnected
 * after 35 s; a node may be stopped meanwhile.
 */
const stalledMs = 45_000;
/** Data that was sent before is read first. */
const readMs = 20_000;

/** Follows a room with long messages without reading, is disconnected, and reconnects [P5]. */
export function startStalledReader(
  run: Run,
  nodes: readonly NodeProcess[],
  user: User,
  room: Room,
  random: Random,
): Actor {
  const stopping = new AbortController();
  const stalling = (async () => {
    while (!stopping.signal.aborted) {
      await stall().catch(() => {});
      await delay(500, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();

  async function stall(): Promise<void> {
    const node = random.pick(nodes);
    const socket = new WebSocket(
      `${node.url.replace('http', 'ws')}/graphql`,
      'graphql-transport-ws',
    );
    socket.on('error', () => {});
    const closed = new Promise<boolean>((resolve) => socket.once('close', () => resolve(true)));
    try {
      await once(socket, 'open', { signal: stopping.signal });
      socket.send(
        JSON.stringify({ type: 'connection_init', payload: { token: (await user.sign()).token } }),
      );
      await once(socket, 'message', {
        signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(5000)]),
      });
      socket.send(
        JSON.stringify({
          id: '1',
          type: 'subscribe',
          payload: { query: document, variables: { roomId: room.id } },
        }),
      );
      socket.pause();
      await delay(stalledMs, undefined, { signal: stopping.signal });
      socket.resume();
      if (await Promise.race([closed, delay(readMs, false, { signal: stopping.signal })]))
        run.counts.closedReaders++;
      else
        run.violate(
          'stalled',
          `who read nothing from ${node.name} for ${stalledMs} ms is still connected`,
        );
    } finally {
      socket.terminate();
    }
  }

  return {
    async stop() {
      stopping.abort();
      await stalling;
    },
  };
}
