import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from './actors/run.ts';
import type { Auditor } from './auditor.ts';
import type { Cast } from './cast.ts';
import { checkLeftovers } from './checker/leftovers.ts';
import type { TestedCluster } from './cluster/cluster.ts';
import { readHeld } from './held.ts';

/**
 * The limit for followers to have the whole log, and for nodes to release everything, after the
 * last fault.
 */
const settleMs = 40_000;
const withoutRedisMs = 6000;
/**
 * The limit for users of a killed node to be offline [P7], with a margin for clients that noticed
 * late.
 */
const ghostMs = 75_000;
const channelCount = 1;

/** Waits until every follower has the whole log. Returns the time. */
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
          cast.presence.subscriptions +
          cast.application.subscriptions,
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
 * Without Redis there are no hints, but messages arrive within 2 s [P4]; the limit is higher
 * because of busy machines. Returns the delivery time in ms.
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

/** The subscribed followers that have not reached the end of the log. */
const lagging = (auditor: Auditor) =>
  auditor.behind().filter(({ follower }) => follower.isFollowing);

/** The nodes hold one subscription for each follower, and no other. */
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
 * No user is online any more, not even at killed nodes [P7]: Redis contains only one sign of life
 * for each node. Returns everything else that it contains.
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

/** Nodes that stop in order delete their keys in Redis. */
export async function checkNothingStays({ violate }: Run, { redis }: TestedCluster): Promise<void> {
  const keys = await redis.admin((client) => client.keys('*'));
  if (keys.length > 0) violate('left over', `without nodes Redis has the keys ${keys.join(' ')}`);
}
