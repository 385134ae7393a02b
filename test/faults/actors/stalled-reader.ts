import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import type { NodeProcess } from '../cluster/node-process.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import type { Actor, Room } from './run.ts';

/** So that the buffers of the kernel, which hold megabytes, are soon full. */
const copies = Array.from({ length: 25 }, (_, place) => `copy${place}: body`).join(' ');
const document = `subscription ($roomId: ID!) { roomMessages(roomId: $roomId) { cursor ... on MessageSent { message { ${copies} } } } }`;
/** Filling the buffers takes a part of it, and after 30 s of no reading a node closes. */
const stalledMs = 80_000;

/** Follows a room of long messages, reads nothing of it, and comes again when that has gone on for long enough [P5]. */
export function startStalledReader(nodes: readonly NodeProcess[], user: User, room: Room, random: Random): Actor {
  const stopping = new AbortController();
  const stalling = (async () => {
    while (!stopping.signal.aborted) {
      await stall().catch(() => {});
      await delay(500, undefined, { signal: stopping.signal }).catch(() => {});
    }
  })();

  async function stall(): Promise<void> {
    const socket = new WebSocket(`${random.pick(nodes).url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
    socket.on('error', () => {});
    try {
      await once(socket, 'open', { signal: stopping.signal });
      socket.send(JSON.stringify({ type: 'connection_init', payload: { token: (await user.sign()).token } }));
      await once(socket, 'message', { signal: AbortSignal.any([stopping.signal, AbortSignal.timeout(5000)]) });
      socket.send(JSON.stringify({ id: '1', type: 'subscribe', payload: { query: document, variables: { roomId: room.id } } }));
      socket.pause();
      await delay(stalledMs, undefined, { signal: stopping.signal });
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
