import pg from 'pg';
import type { Run } from './actors/run.ts';

/** Checks at the moment an event is received that it is committed, on a connection of its own. */
export interface Witness {
  /** Skips the event while it is busy, or while the database is down. */
  look(roomId: string, seq: number): void;
  /** The number of checked events. */
  readonly count: number;
  close(): Promise<void>;
}

export function createWitness(databaseUrl: string, violate: Run['violate']): Witness {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: 1,
    connectionTimeoutMillis: 2000,
    query_timeout: 8000,
  });
  pool.on('error', () => {});
  let count = 0;
  let isLooking = false;
  return {
    look(roomId, seq) {
      if (isLooking) return;
      isLooking = true;
      pool
        .query(`select from events where topic = 'conversation:' || $1 and seq = $2`, [roomId, seq])
        .then(({ rowCount }) => {
          count++;
          if (rowCount === 0)
            violate('uncommitted', `${seq} of ${roomId} was received before it was committed`);
        })
        .catch(() => {})
        .finally(() => (isLooking = false));
    },
    get count() {
      return count;
    },
    close: () => pool.end(),
  };
}
