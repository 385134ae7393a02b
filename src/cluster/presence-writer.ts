import type { ChainableCommander } from 'ioredis';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';
import type { LinkSite, PresenceLink } from './presence.ts';
import { createPendingChanges, type Changes } from './presence-changes.ts';
import type { PresenceHint } from './presence-hint.ts';
import type { PresenceKeys } from './presence-keys.ts';
import { chunks, run } from './redis-commands.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { Refusal } from './redis-refusal.ts';

/**
 * Keeps the set of a node's users in Redis, and publishes each change to the other nodes. Nothing
 * of it throws.
 */
export interface PresenceWriter extends Pick<PresenceLink, 'publish' | 'reportConnections'> {
  /** The version that was written last. Undefined during a write. */
  readonly settledVersion: number | undefined;
  /** Writes the pending changes. Changes that arrive during a write are part of the next one. */
  write(): Promise<void>;
  /** Has the next write store the whole set. */
  requireRewrite(): void;
  /** Extends the life of the keys. */
  refresh(): void;
  /** Announces over the bus alone that this node is alive. */
  announce(): void;
  close(): void;
}

export function createPresenceWriter({
  site: { own, roster },
  redis,
  bus,
  keys,
  lifeMs,
  refusal,
  metrics,
}: {
  site: LinkSite;
  redis: RedisConnection;
  bus: Bus;
  keys: PresenceKeys;
  lifeMs: number;
  refusal: Refusal;
  metrics: Metrics;
}): PresenceWriter {
  const pending = createPendingChanges();
  let version = 0;
  let connections = 0;
  let state: 'idle' | 'writing' | 'closed' = 'idle';

  const withSignOfLife = (commands: ChainableCommander) =>
    commands
      .hset(keys.node(own), { version, connections })
      .pexpire(keys.node(own), lifeMs)
      .pexpire(keys.users(own), lifeMs)
      .sadd(keys.nodes, own);

  const rewriteCommands = () => {
    const commands = redis.multi().del(keys.users(own)).hset(keys.node(own), { whole: 1 });
    for (const users of chunks([...roster.at(own)])) commands.sadd(keys.users(own), ...users);
    return commands;
  };

  const changeCommands = ({ came, went }: Changes) => {
    const commands = redis.multi();
    for (const users of chunks(came)) commands.sadd(keys.users(own), ...users);
    for (const users of chunks(went.map(([userId]) => userId)))
      commands.srem(keys.users(own), ...users);
    return commands;
  };

  /**
   * Returns whether it succeeded. After a failure, whatever part of it was stored, the next check
   * stores the whole set.
   */
  async function store(changes: Changes): Promise<boolean> {
    connections = changes.connections;
    version++;
    const commands = changes.isRewrite ? rewriteCommands() : changeCommands(changes);
    const results = await attempt(withSignOfLife(commands).hexists(keys.node(own), 'whole'));
    publish(changes);
    const isWhole = results?.at(-1) === 1;
    if (!isWhole) pending.requireRewrite();
    return results !== undefined;
  }

  async function attempt(commands: ChainableCommander): Promise<unknown[] | undefined> {
    try {
      const results = await run(commands);
      refusal.noteSuccess();
      return results;
    } catch (error) {
      pending.requireRewrite();
      refusal.noteFailure(error as Error);
      return undefined;
    }
  }

  async function write(): Promise<void> {
    if (state !== 'idle') return;
    state = 'writing';
    while (isWriting() && !pending.isEmpty) if (!(await store(pending.take()))) break;
    if (isWriting()) state = 'idle';
  }

  const isWriting = () => state === 'writing';

  /** The other nodes know the version before this one, or notice by its number that they do not. */
  function publish({ came, went }: Pick<PresenceHint, 'came' | 'went'>): void {
    if (refusal.isOn) metrics.presenceFallbacks.inc();
    bus.publish('presence', { node: own, version, came, went, isUnwritten: refusal.isOn });
  }

  return {
    get settledVersion() {
      return isWriting() ? undefined : version;
    },
    write,
    requireRewrite: pending.requireRewrite,
    refresh: () => void attempt(withSignOfLife(redis.multi())),
    announce: () => publish({ came: [], went: [] }),
    publish(came, went) {
      pending.add(came, went);
      void write();
    },
    reportConnections: pending.setConnections,
    close: () => void (state = 'closed'),
  };
}
