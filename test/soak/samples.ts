import type { Redis } from 'ioredis';
import type pg from 'pg';
import { readMetrics } from '../faults/held.ts';

/** What a node and its stores hold at one moment, by name. */
export type Sample = Readonly<Record<string, number>>;

/**
 * Figures of the node, and how much each may grow in a whole run. Counts of clients vary with the
 * visits that are under way.
 */
const nodeFigures: Record<string, { metric: string; mayGrow: number }> = {
  'heap, MiB': { metric: 'nodejs_heap_size_used_bytes', mayGrow: 4 },
  'external, MiB': { metric: 'nodejs_external_memory_bytes', mayGrow: 4 },
  files: { metric: 'process_open_fds', mayGrow: 30 },
  timers: { metric: 'nodejs_active_resources{type="Timeout"}', mayGrow: 40 },
  connections: { metric: 'causerie_connections', mayGrow: 15 },
  subscribers: { metric: 'causerie_subscribers', mayGrow: 20 },
  'live operations': { metric: 'causerie_live_operations', mayGrow: 15 },
  feeds: { metric: 'causerie_feeds', mayGrow: 15 },
  'online users': { metric: 'causerie_online_users', mayGrow: 40 },
  'unsent bytes': { metric: 'causerie_budget_held{budget="unsent_bytes"}', mayGrow: 1e6 },
  'event cost': { metric: 'causerie_budget_held{budget="event_cost"}', mayGrow: 5000 },
};

/**
 * Tables whose rows are the state of the people, who stay the same. The others are logs of what was
 * done.
 */
const constantTables = { users: 0, members: 20, follow_ups: 100, reactions: 20, conversations: 0 };

/** The most by which each figure may grow between the beginning and the end of a run. */
export const mayGrow: Record<string, number> = {
  ...Object.fromEntries(Object.entries(nodeFigures).map(([name, one]) => [name, one.mayGrow])),
  'Redis keys': 60,
  ...Object.fromEntries(
    Object.entries(constantTables).map(([name, rows]) => [`rows of ${name}`, rows]),
  ),
};

/** The node collects garbage every second, so that the heap is what is held. */
export const collecting = [
  '--expose-gc',
  '--import',
  'data:text/javascript,setInterval(gc, 1000).unref()',
];

export async function takeSample(url: string, redis: Redis, database: pg.Pool): Promise<Sample> {
  const metrics = await readMetrics(url);
  const ofNode = Object.entries(nodeFigures).map(([name, { metric }]) => [
    name,
    (metrics.get(metric) ?? NaN) / (name.endsWith('MiB') ? 2 ** 20 : 1),
  ]);
  const rows = await Promise.all(
    Object.keys(constantTables).map(async (table) => {
      const { rows: counted } = await database.query(`select count(*)::int as count from ${table}`);
      return [`rows of ${table}`, counted[0].count];
    }),
  );
  // Counts of rates expire by themselves.
  const keys = (await redis.keys('*')).filter((key) => !/:(rate|burst):/.test(key));
  return { ...Object.fromEntries([...ofNode, ...rows]), 'Redis keys': keys.length };
}
