import { setTimeout as sleep } from 'node:timers/promises';
import type { Presence } from '../cluster/presence.ts';
import type { Limits } from '../config.ts';
import type { Metrics } from '../metrics.ts';
import type { Viewer } from '../scope.ts';
import type { CloseReason } from './close-codes.ts';

/** What a client holds open: a socket, or a response that streams. */
export interface HeldConnection {
  readonly viewer: Viewer | null;
  readonly isOpen: boolean;
  /** Whether operations run that will answer. */
  readonly isBusy: boolean;
  /** Whether its reader has taken nothing for so many ms. */
  isStuck(now: number, afterMs: number): boolean;
  /** Whether it rests on this sign-in. */
  restsOn(sessionId: string): boolean;
  close(reason: CloseReason): void;
}

/** All that is held open on this node. */
export interface Connections {
  readonly count: number;
  add(connection: HeldConnection): void;
  /** From here on it keeps this user online. */
  recognise(connection: HeldConnection, userId: string): void;
  remove(connection: HeldConnection): void;
  /** Whether the user of this connection has more of them than allowed, this one counted. */
  hasTooMany(connection: HeldConnection): boolean;
  /** Closes what rests on a sign-in that has ended [P10]. */
  endSession(sessionId: string): void;
  /** Closes readers who have taken nothing for too long [P5]. To be called now and then. */
  closeStuck(): void;
  /** Asks everybody to go elsewhere, spread over the time so that they do not all arrive elsewhere at once; operations that run are let finish. */
  drain(overMs: number): Promise<void>;
}

/** What a node asks of each other node, which takes its clients, at the most: one in so many ms. */
const handOverMs = 5;

export function createConnections(limits: Limits, presence: Presence, metrics: Metrics): Connections {
  /** Each with what lets go of the presence of those who use it. */
  const connections = new Map<HeldConnection, Map<string, () => void>>();
  const ofUser = (id: string) => [...connections.keys()].filter(({ viewer }) => viewer?.id === id);
  const count = () => {
    metrics.connections.set(connections.size);
    presence.reportConnections(connections.size);
  };

  return {
    get count() {
      return connections.size;
    },
    add(connection) {
      connections.set(connection, new Map());
      count();
    },
    recognise(connection, userId) {
      const users = connections.get(connection);
      if (users && !users.has(userId)) users.set(userId, presence.hold(userId));
    },
    remove(connection) {
      for (const letGo of connections.get(connection)?.values() ?? []) letGo();
      connections.delete(connection);
      count();
    },
    hasTooMany: ({ viewer }) => viewer !== null && ofUser(viewer.id).length > limits.connectionsPerUser,
    endSession(sessionId) {
      for (const connection of connections.keys()) if (connection.restsOn(sessionId)) connection.close('signedOut');
    },
    closeStuck() {
      const now = Date.now();
      for (const connection of connections.keys()) {
        if (!connection.isOpen || !connection.isStuck(now, limits.stuckReaderMs)) continue;
        metrics.slowReaders.inc({ outcome: 'closed' });
        connection.close('tooSlow');
      }
    },
    async drain(overMs) {
      const spreadMs = Math.min(overMs, connections.size * handOverMs);
      const deadline = Date.now() + overMs;
      await Promise.all(
        [...connections.keys()].map(async (connection) => {
          await sleep(Math.random() * spreadMs);
          while (connection.isOpen && connection.isBusy && Date.now() < deadline) await sleep(20);
          connection.close('draining');
        }),
      );
    },
  };
}
