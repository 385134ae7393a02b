import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import { createRoster, type PresenceChange, type Roster } from './roster.ts';

/**
 * The users that are connected to any node. A user still counts for `leaveGraceMs` after their last
 * connection ended [P7].
 */
export interface Presence extends AsyncDisposable {
  /** Counts a connection of the user to this node, until the returned function is called. */
  connect(userId: string): () => void;
  isOnline(userId: string): boolean;
  /** The users that are online, as far as this node knows. */
  online(): IterableIterator<string>;
  readonly onlineCount: number;
  /** Receives the users that came online or went offline. The listener must not throw. */
  listen(listener: (changes: readonly PresenceChange[]) => void): () => void;
  /**
   * Runs when a user's last connection ends on this node and no other node has one: at once,
   * without grace.
   */
  onDisconnect(listener: (userId: string) => void): void;
  /**
   * Runs before users are published as offline, because they left this node or their node died.
   * Receives the time at which each was last seen, in ms since 1970. The publication waits for the
   * listener, at most for a second.
   */
  onDeparture(listener: (departed: ReadonlyMap<string, number>) => Promise<void>): void;
  /** Sets the number of connections to this node, including anonymous ones, for the statistics. */
  reportConnections(count: number): void;
  /** Totals of all nodes, a few seconds old. */
  statistics(): { readonly connections: number; readonly nodes: number };
  /** Whether the users of this node can be stored for the other nodes. */
  readonly isWritable: boolean;
}

/** How nodes learn the users of the others. */
export interface PresenceLink extends AsyncDisposable {
  /** Publishes the users that came to this node and that left it. Never throws, never waits. */
  publish(came: readonly string[], went: readonly Departure[]): void;
  reportConnections(count: number): void;
  /** Totals of the other nodes. */
  statistics(): { readonly connections: number; readonly nodes: number };
  readonly isWritable: boolean;
}

/** A user who left, and when they were last seen, in ms since 1970. */
export type Departure = readonly [userId: string, lastSeenAt: number];

export interface LinkSite {
  /** This node's name on the roster. */
  readonly own: string;
  readonly roster: Roster;
  /** To be called for a dead node, with the time at which it was last known to be alive. */
  nodeDied(node: string, lastSeenAt: number): Promise<void>;
}

const departureTimeoutMs = 1000;

export function createPresence(
  own: string,
  { leaveGraceMs }: Limits,
  log: Log,
  openLink: (site: LinkSite) => PresenceLink,
): Presence {
  const roster = createRoster();
  const connectionsOf = new Map<string, number>();
  /**
   * Users without a connection who may be back in a moment, by the time at which they left, oldest
   * first.
   */
  const leaving = new Map<string, number>();
  const disconnectListeners: ((userId: string) => void)[] = [];
  const departureListeners: ((departed: ReadonlyMap<string, number>) => Promise<void>)[] = [];
  let connections = 0;

  async function depart(departed: ReadonlyMap<string, number>): Promise<void> {
    if (departed.size === 0) return;
    const notified = Promise.all(departureListeners.map((listener) => listener(departed)));
    const failed = (error: Error) =>
      log.warn(
        { error: error.message, users: departed.size },
        'the time at which users were last seen could not be stored',
      );
    let timeout: NodeJS.Timeout | undefined;
    await Promise.race([
      notified.catch(failed),
      new Promise((resolve) => (timeout = setTimeout(resolve, departureTimeoutMs))),
    ]);
    clearTimeout(timeout);
  }

  const link = openLink({
    own,
    roster,
    async nodeDied(node, lastSeenAt) {
      await depart(new Map([...roster.at(node)].map((userId) => [userId, lastSeenAt])));
      roster.drop(node, lastSeenAt);
    },
  });

  let isSweeping = false;
  async function sweep(): Promise<void> {
    const now = Date.now();
    const due = [...leaving].filter(([, leftAt]) => now - leftAt >= leaveGraceMs);
    if (isSweeping || due.length === 0) return;
    isSweeping = true;
    await depart(new Map(due));
    isSweeping = false;
    // Some may have come back meanwhile, and even left again.
    const went = due.filter(([userId, leftAt]) => leaving.get(userId) === leftAt);
    for (const [userId] of went) leaving.delete(userId);
    roster.change(own, [], went);
    link.publish([], went);
  }
  const timer = setInterval(() => void sweep(), Math.max(10, Math.min(250, leaveGraceMs / 4)));

  function connect(userId: string): void {
    connectionsOf.set(userId, (connectionsOf.get(userId) ?? 0) + 1);
    leaving.delete(userId);
    if (roster.at(own).has(userId)) return;
    roster.change(own, [userId], []);
    link.publish([userId], []);
  }

  function disconnect(userId: string): void {
    const remaining = connectionsOf.get(userId)! - 1;
    if (remaining > 0) return void connectionsOf.set(userId, remaining);
    connectionsOf.delete(userId);
    leaving.set(userId, Date.now());
    if (roster.isElsewhere(userId, own)) return;
    for (const listener of disconnectListeners) listener(userId);
  }

  return {
    connect(userId) {
      connect(userId);
      let isConnected = true;
      return () => {
        if (isConnected) disconnect(userId);
        isConnected = false;
      };
    },
    isOnline: roster.has,
    online: roster.users,
    get onlineCount() {
      return roster.size;
    },
    listen: roster.listen,
    onDisconnect: (listener) => void disconnectListeners.push(listener),
    onDeparture: (listener) => void departureListeners.push(listener),
    reportConnections(count) {
      connections = count;
      link.reportConnections(count);
    },
    get isWritable() {
      return link.isWritable;
    },
    statistics() {
      const others = link.statistics();
      return { connections: connections + others.connections, nodes: others.nodes + 1 };
    },
    async [Symbol.asyncDispose]() {
      clearInterval(timer);
      await depart(
        new Map([...roster.at(own)].map((userId) => [userId, leaving.get(userId) ?? Date.now()])),
      );
      await link[Symbol.asyncDispose]();
    },
  };
}
