/** Somebody came online or went offline. */
export type PresenceChange =
  | { readonly userId: string; readonly isOnline: true }
  | {
      readonly userId: string;
      readonly isOnline: false;
      /** In ms since 1970. */ readonly lastSeenAt: number;
    };

/** Who is at which node, and so who is online at all. */
export interface Roster {
  readonly size: number;
  has(userId: string): boolean;
  users(): IterableIterator<string>;
  at(node: string): ReadonlySet<string>;
  /** Whether the user is at another node than this. */
  isElsewhere(userId: string, node: string): boolean;
  change(
    node: string,
    came: readonly string[],
    went: readonly (readonly [userId: string, lastSeenAt: number])[],
  ): void;
  /** From here on exactly these are at the node; who is gone was last seen now. */
  replace(node: string, users: ReadonlySet<string>): void;
  drop(node: string, lastSeenAt: number): void;
  listen(listener: (changes: readonly PresenceChange[]) => void): () => void;
}

const nobody: ReadonlySet<string> = new Set();

export function createRoster(): Roster {
  const usersAt = new Map<string, Set<string>>();
  const nodesOf = new Map<string, number>();
  const listeners = new Set<(changes: readonly PresenceChange[]) => void>();

  const change: Roster['change'] = (node, came, went) => {
    const here = usersAt.get(node) ?? new Set();
    const changes: PresenceChange[] = [];
    for (const userId of came) {
      if (here.has(userId)) continue;
      here.add(userId);
      const nodes = nodesOf.get(userId) ?? 0;
      nodesOf.set(userId, nodes + 1);
      if (nodes === 0) changes.push({ userId, isOnline: true });
    }
    for (const [userId, lastSeenAt] of went) {
      if (!here.delete(userId)) continue;
      const nodes = nodesOf.get(userId)! - 1;
      if (nodes > 0) nodesOf.set(userId, nodes);
      else {
        nodesOf.delete(userId);
        changes.push({ userId, isOnline: false, lastSeenAt });
      }
    }
    if (here.size > 0) usersAt.set(node, here);
    else usersAt.delete(node);
    if (changes.length > 0) for (const listener of listeners) listener(changes);
  };

  return {
    get size() {
      return nodesOf.size;
    },
    has: (userId) => nodesOf.has(userId),
    users: () => nodesOf.keys(),
    at: (node) => usersAt.get(node) ?? nobody,
    isElsewhere: (userId, node) =>
      (nodesOf.get(userId) ?? 0) > (usersAt.get(node)?.has(userId) ? 1 : 0),
    change,
    replace(node, users) {
      const now = Date.now();
      const gone = [...(usersAt.get(node) ?? [])].filter((userId) => !users.has(userId));
      change(
        node,
        [...users],
        gone.map((userId) => [userId, now] as const),
      );
    },
    drop: (node, lastSeenAt) =>
      change(
        node,
        [],
        [...(usersAt.get(node) ?? [])].map((userId) => [userId, lastSeenAt] as const),
      ),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
