import { setTimeout as delay } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { isUnavailable } from '../../src/db/unavailable.ts';
import { startFaultProxy } from '../support/fault-proxy.ts';
import { startPostgres, createDatabase } from '../support/postgres.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';

describeWithPostgres('a connection to PostgreSQL', () => {
  it('that is lost between two callers fails only the next one', async () => {
    const uncaught: unknown[] = [];
    const note = (error: unknown) => void uncaught.push(error);
    process.prependListener('uncaughtException', note);
    onTestFinished(() => void process.off('uncaughtException', note));
    await using postgres = await startPostgres();
    const url = new URL(await createDatabase(postgres.urlOf('postgres')));
    await using wire = await startFaultProxy(Number(url.port));
    url.port = String(wire.port);
    await using database = await openDatabase(
      readConfig({
        DATABASE_URL: url.href,
        DATABASE_POOL: '2',
        JWT_SECRET: 'a secret that only tests know of',
      }),
      silentLog,
    );
    const ask = () => database.query({ name: 'one', text: 'select 1' }, []);
    await Promise.all([ask(), ask()]);
    // The answer and the end of the connection arrive together, while others wait for a connection.
    wire.coalesce(300);
    const answered = [ask(), ask()];
    const waiting = [1, 2].map(() =>
      database.prisma.$transaction(async (transaction) => transaction.$queryRaw`select 1`),
    );
    const settled = Promise.allSettled(waiting);
    // The question takes 300 ms, and the answer as long.
    await delay(450);
    await postgres.admin((client) =>
      client.query(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'causerie'`,
      ),
    );
    await Promise.all(answered);
    wire.heal();
    for (const outcome of await settled)
      if (outcome.status === 'rejected') expect(isUnavailable(outcome.reason)).toBe(true);
    expect(uncaught).toEqual([]);
    await ask();
  });
});
