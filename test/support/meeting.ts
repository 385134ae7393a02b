import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { TestNode } from './start-node.ts';

/** A connection to a node's PostgreSQL that holds the locks for which operations wait. */
export interface Meeting extends AsyncDisposable {
  readonly admin: pg.Client;
  /** Resolves when this number of connections waits for a lock. */
  waiting(count: number): Promise<void>;
  /**
   * Starts both operations: the second after the first has done its work in this room and waits
   * before its events are numbered. Resolves with both outcomes.
   */
  meet(
    roomId: string,
    first: () => Promise<unknown>,
    second: () => Promise<unknown>,
  ): Promise<[unknown, unknown]>;
}

/** Makes two operations run at the same time in the database. */
export async function openMeeting(node: TestNode): Promise<Meeting> {
  const admin = new pg.Client(node.settings.DATABASE_URL);
  await admin.connect();
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.code,
    );
  async function waiting(count: number): Promise<void> {
    // Not within a transaction, which would not see connections that were opened after its first
    // read.
    const blocked = async () =>
      (await admin.query('select pg_stat_clear_snapshot()')) &&
      (
        await admin.query(
          "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        )
      ).rowCount;
    for (const deadline = Date.now() + 4000; (await blocked()) !== count; await delay(10))
      if (Date.now() > deadline) throw new Error(`never saw ${count} wait`);
  }
  return {
    admin,
    waiting,
    async meet(roomId, first, second) {
      await admin.query('begin');
      await admin.query('select from topics where id = $1 for update', [`conversation:${roomId}`]);
      const one = outcome(first());
      await waiting(1);
      const other = outcome(second());
      await waiting(2);
      await admin.query('commit');
      return Promise.all([one, other]);
    },
    [Symbol.asyncDispose]: () => admin.end(),
  };
}
