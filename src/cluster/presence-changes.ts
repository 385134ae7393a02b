import type { Departure } from './presence.ts';

/** A batch of changes that one write stores. */
export interface Changes {
  readonly came: readonly string[];
  readonly went: readonly Departure[];
  /** Whether the whole set is written instead of the changes. */
  readonly isRewrite: boolean;
  readonly connections: number;
}

/** The changes of a node's users that are not stored yet. */
export interface PendingChanges {
  readonly isEmpty: boolean;
  add(came: readonly string[], went: readonly Departure[]): void;
  setConnections(count: number): void;
  /** Has the next write store the whole set. */
  requireRewrite(): void;
  /** Takes all changes, for one write. */
  take(): Changes;
}

export function createPendingChanges(): PendingChanges {
  let came = new Set<string>();
  let went = new Map<string, number>();
  let connections = 0;
  let takenConnections = 0;
  // Redis may have the set of a former state, or none.
  let isRewrite = true;

  return {
    get isEmpty() {
      return !isRewrite && came.size === 0 && went.size === 0 && connections === takenConnections;
    },
    add(newlyCame, newlyWent) {
      for (const userId of newlyCame) {
        went.delete(userId);
        came.add(userId);
      }
      for (const [userId, lastSeenAt] of newlyWent) {
        came.delete(userId);
        went.set(userId, lastSeenAt);
      }
    },
    setConnections: (count) => void (connections = count),
    requireRewrite: () => void (isRewrite = true),
    take() {
      const changes = { came: [...came], went: [...went], isRewrite, connections };
      came = new Set();
      went = new Map();
      isRewrite = false;
      takenConnections = connections;
      return changes;
    },
  };
}
