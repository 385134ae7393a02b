import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';

/**
 * Does for the embedded database what background processes do for PostgreSQL. Without checkpoints
 * its write-ahead log would grow without end, and would be replayed after a kill. Without VACUUM
 * the space of deleted rows would never be used again, and the planner would have no statistics.
 * The returned function stops it and waits for the current statement.
 *
 * The statements use the pool, because the database has one session: beside the pool they would run
 * inside the transactions of others.
 */
export function startUpkeep(
  pool: pg.Pool,
  { upkeepMs, checkpointBytes, maintenanceMs }: Limits,
  log: Log,
): () => Promise<void> {
  const stopping = new AbortController();
  const { signal } = stopping;
  const pause = (ms: number) => delay(ms, undefined, { signal, ref: false }).catch(() => {});

  async function run(): Promise<void> {
    let vacuumAt = Date.now() + maintenanceMs;
    // The database forgets its counts of changes when it closes. So the first run covers all
    // tables.
    let isFirst = true;
    for (await pause(upkeepMs); !signal.aborted; await pause(upkeepMs))
      try {
        await checkpointIfDue(pool, checkpointBytes);
        if (Date.now() < vacuumAt) continue;
        vacuumAt = Date.now() + maintenanceMs;
        await vacuum(isFirst);
        isFirst = false;
      } catch (error) {
        log.warn(
          { error: error instanceof Error ? error.message : String(error) },
          'the upkeep of the embedded database failed; it will be retried',
        );
      }
  }

  /** One table at a time, so that requests get the database in between. */
  async function vacuum(isFirst: boolean): Promise<void> {
    const { rows } = await pool.query<{ name: string }>(changedTables, [isFirst]);
    for (const { name } of rows) {
      if (signal.aborted) return;
      await pool.query(`vacuum (analyze) ${name}`);
      await checkpointIfDue(pool, checkpointBytes);
    }
  }

  const running = run();
  return async () => {
    stopping.abort();
    await running;
  };
}

async function checkpointIfDue(pool: pg.Pool, checkpointBytes: number): Promise<void> {
  const { rows } = await pool.query<{ bytes: number }>(`
    select pg_wal_lsn_diff(pg_current_wal_lsn(), redo_lsn)::int8 as bytes from pg_control_checkpoint()`);
  if (rows[0]!.bytes >= checkpointBytes) await pool.query('checkpoint');
}

/** The tables that autovacuum would choose with its default settings, or all. */
const changedTables = `
  select quote_ident(s.relname) as name
  from pg_stat_user_tables s join pg_class c on c.oid = s.relid
  where $1::boolean
    or s.n_dead_tup > 50 + 0.2 * greatest(c.reltuples, 0)
    or s.n_ins_since_vacuum > 1000 + 0.2 * greatest(c.reltuples, 0)
    or s.n_mod_since_analyze > 50 + 0.1 * greatest(c.reltuples, 0)
  order by s.n_dead_tup desc`;
