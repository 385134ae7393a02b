import { setTimeout as sleep } from 'node:timers/promises';
import type { Presence } from '../cluster/presence.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import type { Viewer } from '../scope.ts';
import type { CloseReason } from './close-codes.ts';

/** What a client holds open: a socket, or a response that streams. */
export interface HeldConnection {
  readonly viewer: Viewer | null;
  readonly isOpen: boolean;
  /** Whether operations run that will answer. */
  readonly isBusy: boolean;
  /** Whether it speaks for somebody like this. */
  speaksFor(matches: (viewer: Viewer) => boolean): boolean;
  close(reason: CloseReason): void;
}

/** All that is held open on this node. */
export interface Connections {
  readonly count: number;
  add(connection: HeldConnection): void;
  /** It is known whose it is: from here on it counts among theirs, and keeps them online. False, and neither, when they have as many as allowed. */
  admit(connection: HeldConnection): boolean;
  /** From here on it keeps this user online too. */
  recognise(connection: HeldConnection, userId: string): void;
  remove(connection: HeldConnection): void;
  /** Closes what rests on a sign-in that has ended [P10]. */
  endSession(sessionId: string): void;
  /** Closes what speaks for a user who is no more. */
  endUser(userId: string): void;
  /** Closes what speaks for a user who has another role since: they come back with that. */
  renewUser(userId: string): void;
  /** Asks everybody to go elsewhere, spread over the time so that they do not all arrive elsewhere at once; operations that run are let finish. */
  drain(overMs: number): Promise<void>;
}

/** What a node asks of each other node, which takes its clients, at the most: one in so many ms. */
const handOverMs = 5;

interface Recognised {
  readonly userId: string;
  letGo(): void;
}

const nobody: readonly Recognised[] = [];

export function createConnections(
  limits: Limits,
  presence: Presence,
  metrics: Metrics,
): Connections {
  /** Each with what lets go of the presence of those who use it: mostly one. */
  const connections = new Map<HeldConnection, readonly Recognised[]>();
  const end = (matches: (viewer: Viewer) => boolean, reason: CloseReason = 'signedOut') => {
    for (const connection of connections.keys())
      if (connection.speaksFor(matches)) connection.close(reason);
  };
  const countOf = new Map<string, number>();
  const count = () => {
    metrics.connections.set(connections.size);
    presence.reportConnections(connections.size);
  };

  return {
    get count() {
      return connections.size;
    },
    add(connection) {
      connections.set(connection, nobody);
      count();
    },
    admit(connection) {
      const userId = connection.viewer?.id;
      // It may have gone while it was found out whose it is.
      if (userId === undefined || !connections.has(connection)) return true;
      const held = countOf.get(userId) ?? 0;
      if (held >= limits.connectionsPerUser) return false;
      countOf.set(userId, held + 1);
      const leave = presence.connect(userId);
      const letGo = () => {
        leave();
        const left = countOf.get(userId)! - 1;
        if (left > 0) countOf.set(userId, left);
        else countOf.delete(userId);
      };
      connections.set(connection, [{ userId, letGo }]);
      return true;
    },
    recognise(connection, userId) {
      const recognised = connections.get(connection);
      if (!recognised || recognised.some((one) => one.userId === userId)) return;
      connections.set(connection, [...recognised, { userId, letGo: presence.connect(userId) }]);
    },
    remove(connection) {
      for (const { letGo } of connections.get(connection) ?? []) letGo();
      connections.delete(connection);
      count();
    },
    endSession: (sessionId) => end((viewer) => viewer.sessionId === sessionId),
    endUser: (userId) => end((viewer) => viewer.id === userId),
    renewUser: (userId) => end((viewer) => viewer.id === userId, 'roleChanged'),
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
