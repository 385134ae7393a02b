import type { Node } from '../scope.ts';

/** Counting further would cost more than it tells. */
const countMax = 10_000;
/** How long a count is shown, so that frequent collections cost nothing. */
const validMs = 5000;

interface Backlogs {
  readonly followUps: number;
  readonly announcements: number;
  readonly webhooks: number;
  readonly pushes: number;
  readonly files: number;
}

/** Measures the work that waits in the database. All nodes show the same. */
export function measureBacklogs({ database, metrics }: Pick<Node, 'database' | 'metrics'>): void {
  let countedAt = -Infinity;

  async function count(): Promise<void> {
    const [backlogs] = await database.prisma.$queryRaw<Backlogs[]>`
      select
        (select count(*) from (select 1 from follow_ups limit ${countMax}) few)::int as "followUps",
        (select count(*) from (select 1 from announcements where completed_at is null limit ${countMax}) few)::int as announcements,
        (select count(*) from (select 1 from parked_events limit ${countMax}) few)::int as webhooks,
        (select count(*) from (select 1 from pending_pushes limit ${countMax}) few)::int as pushes,
        (select count(*) from (select 1 from files where expires_at <= now() limit ${countMax}) few)::int as files`;
    const { followUps: follow_ups, ...others } = backlogs!;
    for (const [of, value] of Object.entries({ follow_ups, ...others }))
      metrics.backlog.set({ of }, value);
  }

  metrics.onCollect(async () => {
    if (performance.now() - countedAt < validMs) return;
    countedAt = performance.now();
    // While the database is down, causerie_database_up says so.
    await count().catch(() => {});
  });
}
