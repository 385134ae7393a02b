import type pg from 'pg';
import type { Metrics } from '../metrics.ts';

type Callback = (error: Error | undefined, ...connection: unknown[]) => void;

/** Measures the connections of the pool, and how long callers wait for one. */
export function watchPool(pool: pg.Pool, metrics: Metrics): void {
  const connect = pool.connect.bind(pool) as (callback?: Callback) => Promise<pg.PoolClient> | void;
  pool.connect = ((callback?: Callback) => {
    const start = performance.now();
    const note = () => metrics.databaseWait.observe((performance.now() - start) / 1000);
    if (!callback) return connect()!.finally(note);
    void connect((error, ...connection) => {
      note();
      callback(error, ...connection);
    });
  }) as typeof pool.connect;
  metrics.onCollect(() => {
    metrics.databaseConnections.set({ state: 'idle' }, pool.idleCount);
    metrics.databaseConnections.set({ state: 'busy' }, pool.totalCount - pool.idleCount);
    metrics.databaseWaiting.set(pool.waitingCount);
  });
}
