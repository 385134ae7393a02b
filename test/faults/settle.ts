import { setTimeout as delay } from 'node:timers/promises';
import type { Run } from './actors/run.ts';
import type { Auditor } from './auditor.ts';
import type { Cast } from './cast.ts';
import { checkLeftovers } from './checker/leftovers.ts';
import type { TestedCluster } from './cluster/cluster.ts';
import { readHeld } from './held.ts';

/** Everybody is level with the log, and everything is let go of, so long after the last fault. */
const settleMs = 40_000;
const channelCount = 8;

/** Waits until every follower is level with the log; when. */
export async function settle(run: Run, cluster: TestedCluster, cast: Cast, auditor: Auditor): Promise<number> {
  const lagging = () => auditor.behind().filter(({ follower }) => follower.isFollowing);
  const giveUpAt = Date.now() + settleMs;
  for (;;) {
    const since = Date.now();
    const isAudited = await auditor.audit().then(() => true, () => false);
    if (isAudited && lagging().length === 0) {
      await awaitSubscribers(run, cluster, cast.followers.filter(({ isFollowing }) => isFollowing).length);
      return since;
    }
    if (since > giveUpAt) break;
    await delay(100);
  }
  for (const { follower, standing, head } of lagging()) run.violate('hole', `${follower.name} stays at ${standing.position}, the log ends at ${head}`);
  return Date.now();
}

/** The nodes hold a subscription for each who follows, and none else. */
async function awaitSubscribers({ violate }: Run, { nodes }: TestedCluster, expected: number): Promise<void> {
  const count = async () => (await Promise.all(nodes.map(({ url }) => readHeld(url)))).reduce((sum, { subscribers }) => sum + subscribers, 0);
  const giveUpAt = Date.now() + settleMs;
  let held = await count().catch(() => -1);
  while (held !== expected && Date.now() < giveUpAt) {
    await delay(250);
    held = await count().catch(() => -1);
  }
  if (held !== expected) violate('subscribers', `the nodes hold ${held} subscriptions, and ${expected} follow`);
}

/** After all have left. */
export async function checkNothingLeft({ violate }: Run, cluster: TestedCluster): Promise<void> {
  const leftovers = async () => (await Promise.all(cluster.nodes.map(async ({ name, url }) => checkLeftovers(name, await readHeld(url))))).flat();
  const giveUpAt = Date.now() + settleMs;
  let left = await leftovers();
  while (left.length > 0 && Date.now() < giveUpAt) {
    await delay(250);
    left = await leftovers();
  }
  for (const { rule, detail } of left) violate(rule, detail);
  const [channels, keys] = await cluster.redis.admin(async (client) => [(await client.pubsub('CHANNELS')) as string[], await client.keys('*')]);
  if (channels.length !== channelCount) violate('left over', `Redis has the channels ${channels.join(' ')}`);
  if (keys.length > 0) violate('left over', `Redis has the keys ${keys.join(' ')}`);
}

