/** A user came online or went offline. */
export type PresenceChange =
  | { readonly userId: string; readonly isOnline: true }
  | {
      readonly userId: string;
      readonly isOnline: false;
      /** In ms since 1970. */
      readonly lastSeenAt: number;
    };

/** The users of each node. A user of any node is online. */
export interface Roster {
  readonly size: number;
  has(userId: string): boolean;
  users(): IterableIterator<string>;
  at(node: string): ReadonlySet<string>;
  /** Whether the user is at a node other than this one. */
  isElsewhere(userId: string, node: string): boolean;
  change(
    node: string,
    came: readonly string[],
    went: readonly (readonly [userId: string, lastSeenAt: number])[],
  ): void;
  /** Sets the users of a node. Those that are no longer among them were last seen now. */
  replace(node: string, users: ReadonlySet<string>): void;
  drop(node: string, lastSeenAt: number): void;
  listen(listener: (changes: readonly PresenceChange[]) => void): () => void;
}

const noUsers: ReadonlySet<string> = new Set();

export function createRoster(): Roster {
  const usersAt = new Map<string, Set<string>>();
  const nodesOf = new Map<string, number>();
  const listeners = new Set<(changes: readonly PresenceChange[]) => void>();

  /** Returns whether the user has come online. */
  function countUp(userId: string): boolean {
    const nodes = nodesOf.get(userId) ?? 0;
    nodesOf.set(userId, nodes + 1);
    return nodes === 0;
  }

  /** Returns whether the user has gone offline. */
  function countDown(userId: string): boolean {
    const nodes = nodesOf.get(userId)! - 1;
    if (nodes > 0) nodesOf.set(userId, nodes);
    else nodesOf.delete(userId);
    return nodes === 0;
  }

  const change: Roster['change'] = (node, came, went) => {
    const users = usersAt.get(node) ?? new Set();
    const changes: PresenceChange[] = [];
    for (const userId of came) {
      if (users.has(userId)) continue;
      users.add(userId);
      if (countUp(userId)) changes.push({ userId, isOnline: true });
    }
    for (const [userId, lastSeenAt] of went)
      if (users.delete(userId) && countDown(userId))
        changes.push({ userId, isOnline: false, lastSeenAt });
    if (users.size > 0) usersAt.set(node, users);
    else usersAt.delete(node);
    if (changes.length > 0) for (const listener of listeners) listener(changes);
  };

  /** Users of a node who all left it at one moment. */
  const departures = (users: Iterable<string>, lastSeenAt: number) =>
    [...users].map((userId) => [userId, lastSeenAt] as const);

  return {
    get size() {
      return nodesOf.size;
    },
    has: (userId) => nodesOf.has(userId),
    users: () => nodesOf.keys(),
    at: (node) => usersAt.get(node) ?? noUsers,
    isElsewhere: (userId, node) =>
      (nodesOf.get(userId) ?? 0) > (usersAt.get(node)?.has(userId) ? 1 : 0),
    change,
    replace(node, users) {
      const gone = [...(usersAt.get(node) ?? [])].filter((userId) => !users.has(userId));
      change(node, [...users], departures(gone, Date.now()));
    },
    drop: (node, lastSeenAt) => change(node, [], departures(usersAt.get(node) ?? [], lastSeenAt)),
    listen(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}
