import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from './actors/run.ts';
import type { Auditor } from './auditor.ts';
import type { Cast } from './cast.ts';
import { checkLeftovers } from './checker/leftovers.ts';
import type { TestedCluster } from './cluster/cluster.ts';
import { readHeld } from './held.ts';

/** Everybody is level with the log, and everything is let go of, so long after the last fault. */
const settleMs = 40_000;
const withoutRedisMs = 6000;
/**
 * So long after a node died at the latest its users are gone [P7], and some who noticed late more.
 */
const ghostMs = 75_000;
const channelCount = 1;

/** Waits until every follower is level with the log; when. */
export async function settle(
  run: Run,
  cluster: TestedCluster,
  cast: Cast,
  auditor: Auditor,
): Promise<number> {
  const giveUpAt = Date.now() + settleMs;
  for (;;) {
    const since = Date.now();
    const isAudited = await auditor.audit().then(
      () => true,
      () => false,
    );
    if (isAudited && lagging(auditor).length === 0) {
      await awaitSubscribers(
        run,
        cluster,
        cast.followers.filter(({ isFollowing }) => isFollowing).length +
          cast.presence.subscriptions,
      );
      return since;
    }
    if (since > giveUpAt) break;
    await delay(100);
  }
  for (const { follower, standing, head } of lagging(auditor))
    run.violate('hole', `${follower.name} stays at ${standing.position}, the log ends at ${head}`);
  return Date.now();
}

/**
 * Nothing rings while Redis stands still, and yet everybody hears of what is sent within 2 s [P4];
 * a busy machine is given more. Returns how long it took.
 */
export async function checkWithoutRedis(
  run: Run,
  { redis }: TestedCluster,
  cast: Cast,
  auditor: Auditor,
): Promise<number> {
  redis.freeze();
  try {
    await cast.sayOneMore();
    const saidAt = Date.now();
    do {
      await delay(50);
      await auditor.audit();
    } while (lagging(auditor).length > 0 && Date.now() < saidAt + settleMs);
    const deliveryMs = Date.now() - saidAt;
    if (deliveryMs > withoutRedisMs)
      run.violate(
        'late',
        `with Redis stopped, delivery to all followers took ${deliveryMs} ms; ${lagging(auditor).length} never received it`,
      );
    return deliveryMs;
  } finally {
    redis.thaw();
  }
}

/** Those who follow and do not stand at the end of the log. */
const lagging = (auditor: Auditor) =>
  auditor.behind().filter(({ follower }) => follower.isFollowing);

/** The nodes hold a subscription for each who follows, and none else. */
async function awaitSubscribers(
  { violate }: Run,
  { nodes }: TestedCluster,
  expected: number,
): Promise<void> {
  const count = async () =>
    (await Promise.all(nodes.map(({ url }) => readHeld(url)))).reduce(
      (sum, { subscribers }) => sum + subscribers,
      0,
    );
  const giveUpAt = Date.now() + settleMs;
  let held = await count().catch(() => -1);
  while (held !== expected && Date.now() < giveUpAt) {
    await delay(250);
    held = await count().catch(() => -1);
  }
  if (held !== expected)
    violate('subscribers', `the nodes hold ${held} subscriptions, and ${expected} follow`);
}

/** After all have left. */
export async function checkNothingLeft({ violate }: Run, cluster: TestedCluster): Promise<void> {
  const leftovers = async () =>
    (
      await Promise.all(
        cluster.nodes.map(async ({ name, url }) => checkLeftovers(name, await readHeld(url))),
      )
    ).flat();
  const giveUpAt = Date.now() + settleMs;
  let left = await leftovers();
  while (left.length > 0 && Date.now() < giveUpAt) {
    await delay(250);
    left = await leftovers();
  }
  for (const { rule, detail } of left) violate(rule, detail);
  const ghosts = await awaitNoGhosts(cluster);
  if (ghosts !== undefined)
    violate('ghost', `when nobody is there any more Redis still has ${ghosts}`);
  const channels = await cluster.redis.admin(
    async (client) => (await client.pubsub('CHANNELS')) as string[],
  );
  if (channels.length !== channelCount)
    violate('left over', `Redis has the channels ${channels.join(' ')}`);
}

/**
 * Nobody counts as online any more, at nodes that were killed neither [P7]: what Redis still has is
 * one sign of life for each node. Otherwise what else it has.
 */
async function awaitNoGhosts({ nodes, redis }: TestedCluster): Promise<string | undefined> {
  const giveUpAt = Date.now() + ghostMs;
  for (;;) {
    const [keys, listed] = await redis.admin(async (client) => {
      const found = await client.keys('*');
      const list = found.find((key) => key.endsWith(':nodes'));
      return [found, list === undefined ? [] : await client.smembers(list)];
    });
    const others = keys.filter(
      (key) => !key.endsWith(':nodes') && !listed.some((node) => key.endsWith(`:node:${node}`)),
    );
    if (others.length === 0 && keys.length === nodes.length + 1 && listed.length === nodes.length)
      return undefined;
    if (Date.now() > giveUpAt) return `${keys.join(' ')}, and as nodes ${listed.join(' ')}`;
    await delay(500);
  }
}

/** Nodes that end in order take along what they had in Redis. */
export async function checkNothingStays({ violate }: Run, { redis }: TestedCluster): Promise<void> {
  const keys = await redis.admin((client) => client.keys('*'));
  if (keys.length > 0) violate('left over', `without nodes Redis has the keys ${keys.join(' ')}`);
}
