import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Redis } from 'ioredis';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';
import { createPresenceWriter, presenceKeys, type Hint } from './presence-writer.ts';
import { run } from './redis-commands.ts';
import { watchRefusal } from './redis-refusal.ts';
import { createPresence, type LinkSite, type Presence, type PresenceLink } from './presence.ts';

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
  site: LinkSite,
  { redis, bus, prefix, limits, log, metrics }: Parts,
): PresenceLink & { look(): Promise<void> } {
  const { own, roster, nodeGone } = site;
  const { presenceRefreshMs, presenceTtlMs, leaveGraceMs } = limits;
  const lookMs = leaveGraceMs / 2;
  // It is noticed a look late that they are missing, and a look late that they have been for long enough.
  const lifeMs = presenceTtlMs - leaveGraceMs - 2 * lookMs;
  const keys = presenceKeys(prefix);

  const versions = new Map<string, number>();
  const connectionsAt = new Map<string, number>();
  const lastSeen = new Map<string, number>();
  const missingSince = new Map<string, number>();
  /** When nodes told that they are there and cannot write it. */
  const unwrittenAt = new Map<string, number>();
  const refusal = watchRefusal(redis, 2 * lookMs, log, metrics);
  const writer = createPresenceWriter({ site, redis, bus, keys, lifeMs, refusal });
  let isClosed = false;

  async function readWhole(node: string): Promise<void> {
    const [[version, whole], users] = (await run(
      redis.multi().hmget(keys.node(node), 'version', 'whole').smembers(keys.users(node)),
    )) as [[string | null, string | null], string[]];
    const read = Number(version);
    if (version === null || whole === null || isClosed || (versions.get(node) ?? 0) > read) return;
    versions.set(node, read);
    roster.replace(node, new Set(users));
  }

  async function lookOnce(): Promise<void> {
    const before = writer.settledVersion;
    const nodes = new Set([...(await redis.smembers(keys.nodes)), ...versions.keys(), own]);
    const commands = redis.pipeline().scard(keys.users(own));
    for (const node of nodes) commands.hmget(keys.node(node), 'version', 'connections', 'whole');
    const [ownUsers, ...states] = await run(commands);
    const isUnchanged = before !== undefined && writer.settledVersion === before;
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
          (isUnchanged && (Number(version) !== before || ownUsers !== roster.at(own).size))
        )
          writer.rewrite();
      } else if (version === null) {
        if (!refusal.isOn && !isHeardOf(node)) await miss(node);
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
    await redis.srem(keys.nodes, node);
  }

  let looking: Promise<void> | undefined;
  const look = (): Promise<void> =>
    (looking ??= lookOnce()
      .then(writer.write)
      .then(refusal.leaveReplica)
      .catch((error: Error) => {
        log.debug({ error: error.message }, 'who is at the other nodes cannot be seen');
        refusal.noteFailure(error);
        missingSince.clear();
        if (refusal.isOn) writer.tellAlive();
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
  redis.on('ready', look);
  const lookTimer = setInterval(look, lookMs);
  const refreshTimer = setInterval(writer.refresh, presenceRefreshMs);

  return {
    look,
    tell: writer.tell,
    reportConnections: writer.reportConnections,
    get isWritable() {
      return !refusal.isOn;
    },
    statistics: () => ({
      connections: [...connectionsAt.values()].reduce((sum, count) => sum + count, 0),
      nodes: connectionsAt.size,
    }),
    async [Symbol.asyncDispose]() {
      isClosed = true;
      writer.close();
      clearInterval(lookTimer);
      clearInterval(refreshTimer);
      redis.off('ready', look);
      await looking;
      // The others give its users the time to come to them.
      await run(redis.multi().del(keys.node(own), keys.users(own)).srem(keys.nodes, own)).catch(
        () => {},
      );
    },
  };
}
