import pg from 'pg';
import { postgresUrl } from './servers.ts';
import type { TestNode } from './start-node.ts';

/** The embedded database has one connection, so a lock would stop everything. */
export const isEmbedded = !postgresUrl || Boolean(process.env.TEST_EMBEDDED);

/** Keeps everybody from reading messages, so that operations that do go on running. */
export async function lockMessages({ settings }: TestNode) {
  const [client, watcher] = await Promise.all(
    [1, 2].map(async () => {
      const connected = new pg.Client(settings.DATABASE_URL);
      await connected.connect();
      return connected;
    }),
  );
  await client!.query('begin');
  await client!.query('lock table messages in access exclusive mode');
  return {
    /** The statements that wait for the lock. */
    async waiting(): Promise<number> {
      const { rows } = await watcher!.query(
        `select count(*)::int as count from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
      );
      return rows[0].count;
    },
    [Symbol.asyncDispose]: async () => {
      await client!.end();
      await watcher!.end();
    },
  };
}
