import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ChainableCommander, Redis } from 'ioredis';
import type { Limits } from '../config.ts';
import type { Log } from '../log.ts';
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
 */
function redisLink(
  { own, roster, nodeGone }: LinkSite,
  { redis, bus, prefix, limits, log }: Parts,
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
        const changes = isToBeRewritten ? undefined : { came: [...came], went: [...went] };
        came = new Set();
        went = new Map();
        isToBeRewritten = false;
        toldConnections = connections;
        ownVersion++;
        const commands = redis.multi();
        if (!changes) commands.del(usersKey(own)).hset(nodeKey(own), { whole: 1 });
        for (const users of chunks(changes?.came ?? [...roster.at(own)]))
          commands.sadd(usersKey(own), ...users);
        for (const users of chunks(changes?.went.map(([userId]) => userId) ?? []))
          commands.srem(usersKey(own), ...users);
        const results = await run(signOfLife(commands).hexists(nodeKey(own), 'whole'));
        if (results.at(-1) === 0) isToBeRewritten = true;
        bus.publish(nodesKey, {
          presence: { node: own, version: ownVersion, ...changes },
        } satisfies Hint);
      }
    } catch {
      // Whatever of it was written, the next look writes all of it.
      isToBeRewritten = true;
    } finally {
      isWriting = false;
    }
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
      } else if (version === null) await miss(node);
      else {
        missingSince.delete(node);
        lastSeen.set(node, Date.now());
        connectionsAt.set(node, Number(count));
        if (versions.get(node) !== Number(version)) await readWhole(node);
      }
    }
  }

  async function miss(node: string): Promise<void> {
    const since = missingSince.get(node) ?? Date.now();
    missingSince.set(node, since);
    if (versions.has(node) && Date.now() - since < leaveGraceMs) return;
    if (versions.has(node)) log.info({ node, users: roster.at(node).size }, 'a node is gone');
    for (const map of [versions, connectionsAt, missingSince]) map.delete(node);
    await nodeGone(node, lastSeen.get(node) ?? since);
    lastSeen.delete(node);
    await redis.srem(nodesKey, node);
  }

  let looking: Promise<void> | undefined;
  const look = (): Promise<void> =>
    (looking ??= lookOnce()
      .then(write)
      .catch((error: Error) => {
        log.debug({ error: error.message }, 'who is at the other nodes cannot be seen');
        missingSince.clear();
        // A link that is open and carries nothing.
        if (!isClosed && redis.status === 'ready' && error.message === 'Command timed out')
          redis.disconnect(true);
      })
      .finally(() => (looking = undefined)));

  bus.listen((message) => {
    const { presence } = message as Hint;
    if (!presence || isClosed) return;
    const { node, version } = presence;
    const known = versions.get(node) ?? 0;
    if (version <= known) return;
    if (version > known + 1 || !presence.came) return void look();
    versions.set(node, version);
    roster.change(node, presence.came, presence.went ?? []);
  });
  redis.on('ready', look);
  const lookTimer = setInterval(look, lookMs);
  const refreshTimer = setInterval(
    () => void run(signOfLife(redis.multi())).catch(() => {}),
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
