import type { ChainableCommander, Redis } from 'ioredis';
import type { Bus } from './bus.ts';
import type { Departure, LinkSite, PresenceLink } from './presence.ts';
import { chunks, run } from './redis-commands.ts';
import type { Refusal } from './redis-refusal.ts';

/** What nodes tell each other; a node of another version may tell other things. */
export interface Hint {
  readonly presence?: {
    readonly node: string;
    readonly version: number;
    /** Left out where the whole is to be read. */
    readonly came?: readonly string[];
    readonly went?: readonly Departure[];
    /** Redis refuses to store this, so the node's keys say nothing of it. */
    readonly isUnwritten?: boolean;
  };
}

export const presenceKeys = (prefix: string) => ({
  nodes: `${prefix}:nodes`,
  node: (node: string) => `${prefix}:node:${node}`,
  users: (node: string) => `${prefix}:users:${node}`,
});

/** Keeps the set of a node's users in Redis, and tells the other nodes of each change. Nothing of it throws. */
export interface PresenceWriter extends Pick<PresenceLink, 'tell' | 'reportConnections'> {
  /** The version that was written last; undefined while another one is being written. */
  readonly settledVersion: number | undefined;
  /** Writes what has changed. One write at a time; what comes meanwhile goes with the next. */
  write(): Promise<void>;
  /** The next write writes all of it. */
  rewrite(): void;
  /** Keeps the keys from expiring. */
  refresh(): void;
  /** Tells the others that this node is there, over the bus alone. */
  tellAlive(): void;
  close(): void;
}

export function createPresenceWriter({
  site: { own, roster },
  redis,
  bus,
  keys,
  lifeMs,
  refusal,
}: {
  site: LinkSite;
  redis: Redis;
  bus: Bus;
  keys: ReturnType<typeof presenceKeys>;
  lifeMs: number;
  refusal: Refusal;
}): PresenceWriter {
  let ownVersion = 0;
  let connections = 0;
  let toldConnections = 0;
  let came = new Set<string>();
  let went = new Map<string, number>();
  let isToBeRewritten = true;
  let isWriting = false;
  let isClosed = false;

  const signOfLife = (commands: ChainableCommander) =>
    commands
      .hset(keys.node(own), { version: ownVersion, connections })
      .pexpire(keys.node(own), lifeMs)
      .pexpire(keys.users(own), lifeMs)
      .sadd(keys.nodes, own);

  async function write(): Promise<void> {
    if (isWriting) return;
    isWriting = true;
    try {
      while (
        !isClosed &&
        (isToBeRewritten || came.size > 0 || went.size > 0 || connections !== toldConnections)
      ) {
        const changes = { came: [...came], went: [...went] };
        const isRewrite = isToBeRewritten;
        came = new Set();
        went = new Map();
        isToBeRewritten = false;
        toldConnections = connections;
        ownVersion++;
        const commands = redis.multi();
        if (isRewrite) commands.del(keys.users(own)).hset(keys.node(own), { whole: 1 });
        for (const users of chunks(isRewrite ? [...roster.at(own)] : changes.came))
          commands.sadd(keys.users(own), ...users);
        for (const users of chunks(isRewrite ? [] : changes.went.map(([userId]) => userId)))
          commands.srem(keys.users(own), ...users);
        const results = await attempt(signOfLife(commands).hexists(keys.node(own), 'whole'));
        publish(changes);
        if (!results) return;
        if (results.at(-1) === 0) isToBeRewritten = true;
      }
    } finally {
      isWriting = false;
    }
  }

  /** Undefined when it failed. Whatever of it was written, the next look writes all of it. */
  async function attempt(commands: ChainableCommander): Promise<unknown[] | undefined> {
    try {
      const results = await run(commands);
      refusal.noteSuccess();
      return results;
    } catch (error) {
      isToBeRewritten = true;
      refusal.noteFailure(error as Error);
      return undefined;
    }
  }

  /** The others know what came before, or find by the version that they do not. */
  function publish(changes: { came: readonly string[]; went: readonly Departure[] }): void {
    const presence = { node: own, version: ownVersion, ...changes, isUnwritten: refusal.isOn };
    bus.publish(keys.nodes, { presence } satisfies Hint);
  }

  return {
    get settledVersion() {
      return isWriting ? undefined : ownVersion;
    },
    write,
    rewrite: () => void (isToBeRewritten = true),
    refresh: () => void attempt(signOfLife(redis.multi())),
    tellAlive: () => publish({ came: [], went: [] }),
    tell(newlyCame, newlyWent) {
      for (const userId of newlyCame) {
        went.delete(userId);
        came.add(userId);
      }
      for (const [userId, lastSeenAt] of newlyWent) {
        came.delete(userId);
        went.set(userId, lastSeenAt);
      }
      void write();
    },
    reportConnections: (count) => void (connections = count),
    close: () => void (isClosed = true),
  };
}
