import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainableCommander, Redis } from 'ioredis';
import type { Limits } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';
import {
  createPresence,
  type Departure,
  type LinkSite,
  type Presence,
  type PresenceLink,
} from './presence.ts';

/** What nodes tell each other; a node of another version may tell other things. */
interface Hint {
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

const usersAtOnce = 1000;
const firstLookMs = 500;

interface Parts {
  readonly redis: Redis;
  readonly bus: Bus;
  readonly prefix: string;
  readonly limits: Limits;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** Among all nodes on one Redis. Resolves when it is known who is at the others, or Redis does not answer. */
export async function openRedisPresence(parts: Parts): Promise<Presence> {
  let looked: Promise<void> | undefined;
  const presence = createPresence(randomUUID(), parts.limits, parts.log, (site) => {
    const link = redisLink(site, parts);
    looked = link.look();
    return link;
  });
  await Promise.race([looked, sleep(firstLookMs, undefined, { ref: false })]);
  return presence;
}

/**
 * Each node keeps the set of its users in Redis, with a version, under keys that expire unless they are refreshed. The others hear of each
 * change over the bus, and look every few seconds whether the versions are those they know. A node counts as gone when its keys are
 * missing for `leaveGraceMs` of successful looks on end: while Redis is away nothing is concluded from it, and after it was emptied the nodes
 * have had the time to write their sets again. A set is read only if it is whole: what is written after Redis was emptied and before all of it
 * is written again says nothing of those who were there before.
 *
 * Redis may answer and yet refuse to store: it is full, a replica, cannot save, or does not allow it. Keys then expire that nobody can refresh, so a
 * node whose writes are refused concludes nothing from those of others, and tells them over the bus that it is there.
 */
function redisLink(
  { own, roster, nodeGone }: LinkSite,
  { redis, bus, prefix, limits, log, metrics }: Parts,
): PresenceLink & { look(): Promise<void> } {
  const { presenceRefreshMs, presenceTtlMs, leaveGraceMs } = limits;
  const lookMs = leaveGraceMs / 2;
  // It is noticed a look late that they are missing, and a look late that they have been for long enough.
  const lifeMs = presenceTtlMs - leaveGraceMs - 2 * lookMs;
  const nodesKey = `${prefix}:nodes`;
  const nodeKey = (node: string) => `${prefix}:node:${node}`;
  const usersKey = (node: string) => `${prefix}:users:${node}`;

  const versions = new Map<string, number>();
  const connectionsAt = new Map<string, number>();
  const lastSeen = new Map<string, number>();
  const missingSince = new Map<string, number>();
  /** When nodes told that they are there and cannot write it. */
  const unwrittenAt = new Map<string, number>();
  /** Why Redis refuses to store, while it does. */
  let refusal: string | undefined;
  let reconnectedAt = 0;
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
      .hset(nodeKey(own), { version: ownVersion, connections })
      .pexpire(nodeKey(own), lifeMs)
      .pexpire(usersKey(own), lifeMs)
      .sadd(nodesKey, own);

  const run = async (commands: ChainableCommander): Promise<unknown[]> => {
    const results = await commands.exec();
    return (results ?? []).map(([error, result]) => {
      if (error) throw error;
      return result;
    });
  };

  /** One write at a time; what comes meanwhile goes with the next. */
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
        if (isRewrite) commands.del(usersKey(own)).hset(nodeKey(own), { whole: 1 });
        for (const users of chunks(isRewrite ? [...roster.at(own)] : changes.came))
          commands.sadd(usersKey(own), ...users);
        for (const users of chunks(isRewrite ? [] : changes.went.map(([userId]) => userId)))
          commands.srem(usersKey(own), ...users);
        const results = await attempt(signOfLife(commands).hexists(nodeKey(own), 'whole'));
        tell(changes);
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
      noteRefusal(undefined);
      return results;
    } catch (error) {
      isToBeRewritten = true;
      noteFailure(error as Error);
      return undefined;
    }
  }

  /** The others know what came before, or find by the version that they do not. */
  function tell(changes: { came: readonly string[]; went: readonly Departure[] }): void {
    const presence = {
      node: own,
      version: ownVersion,
      ...changes,
      isUnwritten: refusal !== undefined,
    };
    bus.publish(nodesKey, { presence } satisfies Hint);
  }

  /** Redis answers, and says no. That it does not answer is another matter. */
  function noteFailure(error: Error & { previousErrors?: readonly Error[] }): void {
    if (error.name === 'ReplyError') noteRefusal((error.previousErrors?.[0] ?? error).message);
  }

  /** Told once, and once that it has ended. */
  function noteRefusal(reason: string | undefined): void {
    const [was, is] = [refusal !== undefined, reason !== undefined];
    refusal = reason;
    metrics.redisWritable.set(is ? 0 : 1);
    if (is && !was)
      log.warn(
        { error: reason },
        'Redis refuses to store who is connected, and each node counts rates by itself. Free its memory, or let REDIS_URL name a primary that this user may write to.',
      );
    if (was && !is) log.info('Redis stores who is connected again');
  }

  /** After a failover the same name may lead to the new primary, while an open connection stays with the old one. */
  function leaveReplica(): void {
    if (!refusal?.startsWith('READONLY') || Date.now() - reconnectedAt < 2 * lookMs) return;
    reconnectedAt = Date.now();
    redis.disconnect(true);
  }

  async function readWhole(node: string): Promise<void> {
    const [[version, whole], users] = (await run(
      redis.multi().hmget(nodeKey(node), 'version', 'whole').smembers(usersKey(node)),
    )) as [[string | null, string | null], string[]];
    const read = Number(version);
    if (version === null || whole === null || isClosed || (versions.get(node) ?? 0) > read) return;
    versions.set(node, read);
    roster.replace(node, new Set(users));
  }

  async function lookOnce(): Promise<void> {
    const [wasWriting, versionBefore] = [isWriting, ownVersion];
    const nodes = new Set([...(await redis.smembers(nodesKey)), ...versions.keys(), own]);
    const commands = redis.pipeline().scard(usersKey(own));
    for (const node of nodes) commands.hmget(nodeKey(node), 'version', 'connections', 'whole');
    const [ownUsers, ...states] = await run(commands);
    const isUnchanged = !wasWriting && !isWriting && ownVersion === versionBefore;
    for (const [place, node] of [...nodes].entries()) {
      const [version, count, whole] = states[place] as [
        version: string | null,
        count: string | null,
        whole: string | null,
      ];
      if (isClosed) return;
      if (node === own) {
        if (
          whole === null ||
          (isUnchanged && (Number(version) !== ownVersion || ownUsers !== roster.at(own).size))
        )
          isToBeRewritten = true;
      } else if (version === null) {
        if (refusal === undefined && !isHeardOf(node)) await miss(node);
        else missingSince.delete(node);
      } else {
        missingSince.delete(node);
        unwrittenAt.delete(node);
        lastSeen.set(node, Date.now());
        connectionsAt.set(node, Number(count));
        if (versions.get(node) !== Number(version)) await readWhole(node);
      }
    }
  }

  const isHeardOf = (node: string) => Date.now() - (unwrittenAt.get(node) ?? -Infinity) < lifeMs;

  async function miss(node: string): Promise<void> {
    const since = missingSince.get(node) ?? Date.now();
    missingSince.set(node, since);
    if (versions.has(node) && Date.now() - since < leaveGraceMs) return;
    if (versions.has(node)) log.info({ node, users: roster.at(node).size }, 'a node is gone');
    for (const map of [versions, connectionsAt, missingSince, unwrittenAt]) map.delete(node);
    await nodeGone(node, lastSeen.get(node) ?? since);
    lastSeen.delete(node);
    await redis.srem(nodesKey, node);
  }

  let looking: Promise<void> | undefined;
  const look = (): Promise<void> =>
    (looking ??= lookOnce()
      .then(write)
      .then(leaveReplica)
      .catch((error: Error) => {
        log.debug({ error: error.message }, 'who is at the other nodes cannot be seen');
        noteFailure(error);
        missingSince.clear();
        if (refusal !== undefined) tell({ came: [], went: [] });
        // A link that is open and carries nothing.
        if (!isClosed && redis.status === 'ready' && error.message === 'Command timed out')
          redis.disconnect(true);
      })
      .finally(() => (looking = undefined)));

  bus.listen((message) => {
    const { presence } = message as Hint;
    if (!presence || isClosed) return;
    const { node, version, isUnwritten } = presence;
    if (isUnwritten) {
      unwrittenAt.set(node, Date.now());
      lastSeen.set(node, Date.now());
    }
    const known = versions.get(node) ?? 0;
    if (version <= known) return;
    if (version > known + 1 || !presence.came) return void look();
    versions.set(node, version);
    roster.change(node, presence.came, presence.went ?? []);
  });
  metrics.redisWritable.set(1);
  redis.on('ready', look);
  const lookTimer = setInterval(look, lookMs);
  const refreshTimer = setInterval(
    () => void attempt(signOfLife(redis.multi())),
    presenceRefreshMs,
  );

  return {
    look,
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
    get isWritable() {
      return refusal === undefined;
    },
    statistics: () => ({
      connections: [...connectionsAt.values()].reduce((sum, count) => sum + count, 0),
      nodes: connectionsAt.size,
    }),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      clearInterval(lookTimer);
      clearInterval(refreshTimer);
      redis.off('ready', look);
      await looking;
      // The others give its users the time to come to them.
      await run(redis.multi().del(nodeKey(own), usersKey(own)).srem(nodesKey, own)).catch(() => {});
    },
  };
}

function* chunks(users: readonly string[]): Generator<readonly string[]> {
  for (let from = 0; from < users.length; from += usersAtOnce)
    yield users.slice(from, from + usersAtOnce);
}
