import { randomUUID } from 'node:crypto';
import type { EventEmitter } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { Bus } from './bus.ts';
import { presenceKeys } from './presence-keys.ts';
import { createCheck } from './presence-check.ts';
import { createPeers } from './presence-peers.ts';
import { createPresenceWriter } from './presence-writer.ts';
import { run } from './redis-commands.ts';
import type { RedisConnection } from './redis-connection.ts';
import type { RedisFaults } from './redis-faults.ts';
import { watchRefusal } from './redis-refusal.ts';
import { createPresence, type LinkSite, type Presence, type PresenceLink } from './presence.ts';

const firstCheckMs = 500;
/** Keys live longer, but a write shows within seconds that Redis refuses to store. */
const longestRefreshMs = 2000;

interface Parts {
  readonly redis: RedisConnection;
  readonly bus: Bus;
  readonly prefix: string;
  readonly limits: Limits;
  readonly faults: RedisFaults;
  readonly log: Log;
  readonly metrics: Metrics;
}

/**
 * Connects all nodes on one Redis. Resolves when the users of the other nodes are known, or Redis
 * does not answer.
 */
export async function openRedisPresence(parts: Parts): Promise<Presence> {
  let firstCheck: Promise<void> | undefined;
  const presence = createPresence(randomUUID(), parts.limits, parts.log, (site) => {
    const link = redisLink(site, parts);
    firstCheck = link.check();
    return link;
  });
  await Promise.race([firstCheck, sleep(firstCheckMs, undefined, { ref: false })]);
  return presence;
}

/**
 * Each node keeps the set of its users in Redis, with a version, under keys that expire unless they
 * are refreshed. It publishes each change over the bus. Every few seconds it checks whether the
 * versions of the others are those it knows.
 *
 * A node counts as dead when its keys were missing for `leaveGraceMs` of successful checks in a
 * row. So nothing is concluded while Redis is down, and after Redis was emptied, nodes have the
 * time to write their sets again. A set is read only if it is marked as whole: after a flush, a
 * change may be stored before the rest of the set.
 *
 * Redis may answer and yet refuse to store: it is full, a replica, cannot save, or denies access.
 * Then keys expire that nobody can refresh. A node whose writes are refused concludes nothing from
 * missing keys, and announces over the bus that it is alive.
 */
function redisLink(
  site: LinkSite,
  { redis, bus, prefix, limits, faults, log, metrics }: Parts,
): PresenceLink & { check(): Promise<void> } {
  const { presenceRefreshMs, presenceTtlMs, leaveGraceMs } = limits;
  const checkMs = leaveGraceMs / 2;
  // Up to one check passes before missing keys are noticed, and up to one before they have been
  // missing for long enough.
  const lifeMs = presenceTtlMs - leaveGraceMs - 2 * checkMs;
  const keys = presenceKeys(prefix);
  const peers = createPeers(leaveGraceMs, lifeMs);
  const refusal = watchRefusal(redis, 2 * checkMs, faults, metrics);
  const writer = createPresenceWriter({ site, redis, bus, keys, lifeMs, refusal, metrics });
  let isClosed = false;
  const checkOnce = createCheck({
    site,
    redis,
    keys,
    peers,
    writer,
    refusal,
    log,
    isClosed: () => isClosed,
  });

  function checkFailed(error: Error): void {
    log.debug({ error: error.message }, 'the users of other nodes cannot be read from Redis');
    refusal.noteFailure(error);
    peers.forgetMisses();
    if (refusal.isOn) writer.announce();
    // The connection is open and carries nothing.
    if (!isClosed && redis.status === 'ready' && error.message === 'Command timed out')
      redis.disconnect(true);
  }

  let checking: Promise<void> | undefined;
  const check = (): Promise<void> =>
    (checking ??= checkOnce()
      .then(writer.write)
      .then(refusal.leaveReplica)
      .catch(checkFailed)
      .finally(() => (checking = undefined)));

  bus.listen('presence', (hint) => {
    if (isClosed) return;
    peers.received(hint);
    const known = peers.versionOf(hint.node);
    if (hint.version <= known) return;
    if (hint.version > known + 1) return void check();
    peers.setVersion(hint.node, hint.version);
    site.roster.change(hint.node, hint.came, hint.went);
  });
  (redis as EventEmitter).on('ready', check);
  const checkTimer = setInterval(check, checkMs);
  const refreshTimer = setInterval(writer.refresh, Math.min(presenceRefreshMs, longestRefreshMs));

  return {
    check,
    publish: writer.publish,
    reportConnections: writer.reportConnections,
    get isWritable() {
      return !refusal.isOn;
    },
    statistics: peers.statistics,
    async [Symbol.asyncDispose]() {
      isClosed = true;
      writer.close();
      clearInterval(checkTimer);
      clearInterval(refreshTimer);
      (redis as EventEmitter).off('ready', check);
      await checking;
      // The other nodes give its users the time to connect to them.
      const { own } = site;
      const commands = redis.multi().del(keys.node(own), keys.users(own)).srem(keys.nodes, own);
      await run(commands).catch(() => {});
    },
  };
}
