import { setTimeout as sleep } from 'node:timers/promises';
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
  /** Whether it speaks for somebody like this. */
  speaksFor(matches: (viewer: Viewer) => boolean): boolean;
  close(reason: CloseReason): void;
}

/** All that is held open on this node. */
export interface Connections {
  readonly count: number;
  add(connection: HeldConnection): void;
  remove(connection: HeldConnection): void;
  /** Whether the user of this connection has more of them than allowed, this one counted. */
  hasTooMany(connection: HeldConnection): boolean;
  /** Closes what rests on a sign-in that has ended [P10]. */
  endSession(sessionId: string): void;
  /** Closes what speaks for a user who is no more. */
  endUser(userId: string): void;
  /** Closes readers who have taken nothing for too long [P5]. To be called now and then. */
  closeStuck(): void;
  /** Asks everybody to go elsewhere, spread over the time so that they do not all arrive elsewhere at once; operations that run are let finish. */
  drain(overMs: number): Promise<void>;
}

/** What a node asks of each other node, which takes its clients, at the most: one in so many ms. */
const handOverMs = 5;

export function createConnections(limits: Limits, metrics: Metrics): Connections {
  const connections = new Set<HeldConnection>();
  const end = (matches: (viewer: Viewer) => boolean) => {
    for (const connection of connections) if (connection.speaksFor(matches)) connection.close('signedOut');
  };
  const ofUser = (id: string) => [...connections].filter(({ viewer }) => viewer?.id === id);

  return {
    get count() {
      return connections.size;
    },
    add(connection) {
      connections.add(connection);
      metrics.connections.set(connections.size);
    },
    remove(connection) {
      connections.delete(connection);
      metrics.connections.set(connections.size);
    },
    hasTooMany: ({ viewer }) => viewer !== null && ofUser(viewer.id).length > limits.connectionsPerUser,
    endSession: (sessionId) => end((viewer) => viewer.sessionId === sessionId),
    endUser: (userId) => end((viewer) => viewer.id === userId),
    closeStuck() {
      const now = Date.now();
      for (const connection of connections) {
        if (!connection.isOpen || !connection.isStuck(now, limits.stuckReaderMs)) continue;
        metrics.slowReaders.inc({ outcome: 'closed' });
        connection.close('tooSlow');
      }
    },
    async drain(overMs) {
      const spreadMs = Math.min(overMs, connections.size * handOverMs);
      const deadline = Date.now() + overMs;
      await Promise.all(
        [...connections].map(async (connection) => {
          await sleep(Math.random() * spreadMs);
          while (connection.isOpen && connection.isBusy && Date.now() < deadline) await sleep(20);
          connection.close('draining');
        }),
      );
    },
  };
}
