import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import { createRoster, type PresenceChange, type Roster } from './roster.ts';

/** Who is connected, to whichever node: users, not connections, and those who left less than `leaveGraceMs` ago still count [P7]. */
export interface Presence extends AsyncDisposable {
  /** Counts a connection of the user at this node, until the function returned is called. */
  connect(userId: string): () => void;
  isOnline(userId: string): boolean;
  /** Everybody who is online, as far as this node knows. */
  online(): IterableIterator<string>;
  readonly onlineCount: number;
  /** Hears who came and who went, at any node. The listener must not throw. */
  listen(listener: (changes: readonly PresenceChange[]) => void): () => void;
  /** Hears at once, without grace, when a user's last connection to this node ends and no other node has one. */
  onDisconnect(listener: (userId: string) => void): void;
  /**
   * Runs before it is told that users have left this node, or were at one that is gone, with when that was in ms since 1970; the telling waits for it,
   * but not for long.
   */
  onDeparture(listener: (departed: ReadonlyMap<string, number>) => Promise<void>): void;
  /** For the statistics: how many connections this node has, anonymous ones too. */
  reportConnections(count: number): void;
  /** Over all nodes, as of a few seconds ago. */
  statistics(): { readonly connections: number; readonly nodes: number };
  /** Whether it can be stored, for the other nodes, who is at this one. */
  readonly isWritable: boolean;
}

/** How nodes learn who is at the others. */
export interface PresenceLink extends AsyncDisposable {
  /** Tells the other nodes who came to this one, and who left it and when. Never throws, never waits. */
  tell(came: readonly string[], went: readonly Departure[]): void;
  reportConnections(count: number): void;
  /** Of the other nodes. */
  statistics(): { readonly connections: number; readonly nodes: number };
  readonly isWritable: boolean;
}

/** A user, and when they were last seen, in ms since 1970. */
export type Departure = readonly [userId: string, lastSeenAt: number];

export interface LinkSite {
  /** This node's name on the roster. */
  readonly own: string;
  readonly roster: Roster;
  /** To be called for a node that is gone, with when it was last known to be there. */
  nodeGone(node: string, lastSeenAt: number): Promise<void>;
}

const storePatienceMs = 1000;

export function createPresence(
  own: string,
  { leaveGraceMs }: Limits,
  log: Log,
  openLink: (site: LinkSite) => PresenceLink,
): Presence {
  const roster = createRoster();
  const connectionsOf = new Map<string, number>();
  /** Those without a connection here who may be back in a moment, in the order in which they left. */
  const leaving = new Map<string, number>();
  const disconnectListeners: ((userId: string) => void)[] = [];
  const departureListeners: ((departed: ReadonlyMap<string, number>) => Promise<void>)[] = [];
  let connections = 0;

  async function depart(departed: ReadonlyMap<string, number>): Promise<void> {
    if (departed.size === 0) return;
    const told = Promise.all(departureListeners.map((listener) => listener(departed)));
    const failed = (error: Error) =>
      log.warn(
        { error: error.message, users: departed.size },
        'it could not be stored when users were last seen',
      );
    let patience: NodeJS.Timeout | undefined;
    await Promise.race([
      told.catch(failed),
      new Promise((resolve) => (patience = setTimeout(resolve, storePatienceMs))),
    ]);
    clearTimeout(patience);
  }

  const link = openLink({
    own,
    roster,
    async nodeGone(node, lastSeenAt) {
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
    // Some may have come back, and even left again, meanwhile.
    const went = due.filter(([userId, leftAt]) => leaving.get(userId) === leftAt);
    for (const [userId] of went) leaving.delete(userId);
    roster.change(own, [], went);
    link.tell([], went);
  }
  const timer = setInterval(() => void sweep(), Math.max(10, Math.min(250, leaveGraceMs / 4)));

  function enter(userId: string): void {
    connectionsOf.set(userId, (connectionsOf.get(userId) ?? 0) + 1);
    leaving.delete(userId);
    if (roster.at(own).has(userId)) return;
    roster.change(own, [userId], []);
    link.tell([userId], []);
  }

  function leave(userId: string): void {
    const remaining = connectionsOf.get(userId)! - 1;
    if (remaining > 0) return void connectionsOf.set(userId, remaining);
    connectionsOf.delete(userId);
    leaving.set(userId, Date.now());
    if (roster.isElsewhere(userId, own)) return;
    for (const listener of disconnectListeners) listener(userId);
  }

  return {
    connect(userId) {
      enter(userId);
      let isHeld = true;
      return () => {
        if (isHeld) leave(userId);
        isHeld = false;
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
