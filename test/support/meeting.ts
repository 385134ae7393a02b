import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import type { TestNode } from './start-node.ts';

/** A connection of its own to a node's PostgreSQL, to hold what operations wait for. */
export interface Meeting extends AsyncDisposable {
  readonly admin: pg.Client;
  /** Resolves when so many connections wait for a lock. */
  waiting(count: number): Promise<void>;
  /**
   * Starts both, the second once the first has done its work in this room and is held before its
   * events are numbered; resolves with how each went.
   */
  meet(
    roomId: string,
    first: () => Promise<unknown>,
    second: () => Promise<unknown>,
  ): Promise<[unknown, unknown]>;
}

/** Lets two operations meet in the database. */
export async function openMeeting(node: TestNode): Promise<Meeting> {
  const admin = new pg.Client(node.settings.DATABASE_URL);
  await admin.connect();
  const outcome = (work: Promise<unknown>) =>
    work.then(
      () => 'done',
      (error) => error.code,
    );
  async function waiting(count: number): Promise<void> {
    // Within a transaction it would be shown no connection that was opened since it first looked.
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
