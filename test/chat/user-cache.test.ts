import pg from 'pg';
import { expect, it } from 'vitest';
import { createUserCache, type UserCache } from '../../src/chat/people/user-cache.ts';
import { readConfig } from '../../src/config.ts';
import { openDatabase } from '../../src/db/database.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { silentLog } from '../support/silent-log.ts';
import { until } from '../support/until.ts';

const id = '019aa0a0-0000-7000-8000-000000000001';
const nobody = '019aa0a0-0000-7000-8000-000000000002';
const identity = { issuer: '', subject: 'ann' };

/** A cache of users, and a second client that can keep reads waiting. */
async function openCache() {
  const url = await createDatabase();
  const database = await openDatabase(
    readConfig({ DATABASE_URL: url, JWT_SECRET: 'x'.repeat(32) }),
    silentLog,
  );
  const admin = new pg.Client(url);
  await admin.connect();
  await admin.query(
    `insert into users (id, username, display_name, issuer, subject) values ($1, 'ann', 'Ann', '', 'ann')`,
    [id],
  );
  return {
    admin,
    users: createUserCache(database),
    /** Starts the read, runs `meanwhile` in a transaction while it waits, and commits. */
    async during<Row>(read: () => Promise<Row>, meanwhile: () => unknown): Promise<Row> {
      await admin.query('begin');
      await admin.query('lock table users in access exclusive mode');
      const reading = read();
      reading.catch(() => {});
      await until('a waiting read', async () => {
        const { rows } = await admin.query(
          `select 1 from pg_locks where not granted and relation = 'users'::regclass`,
        );
        return rows.length > 0;
      });
      await meanwhile();
      await admin.query('commit');
      return reading;
    },
    async [Symbol.asyncDispose]() {
      await admin.end();
      await database[Symbol.asyncDispose]();
    },
  };
}

const reads = {
  'by id': (users: UserCache) => users.byId(id),
  'by identity': (users: UserCache) => users.byIdentity(identity),
};

describeWithPostgres('the users of recent tokens', () => {
  it.each(Object.entries(reads))(
    '[P9] a change of the role during a read is noticed: %s',
    async (_name, read) => {
      await using cache = await openCache();
      const row = await cache.during(
        () => read(cache.users),
        async () => {
          await cache.admin.query(`update users set role = 'ADMIN' where id = $1`, [id]);
          cache.users.forget(id);
        },
      );
      expect(row).toMatchObject({ id, role: 'ADMIN' });
      expect(await read(cache.users)).toMatchObject({ role: 'ADMIN' });
    },
  );

  it('a read of a missing user is no error when the user is forgotten meanwhile', async () => {
    await using cache = await openCache();
    const row = await cache.during(
      () => cache.users.byId(nobody),
      () => cache.users.forget(nobody),
    );
    expect(row).toBeUndefined();
  });

  it('a read is no error when its row is stored meanwhile', async () => {
    await using cache = await openCache();
    const known = (await cache.users.byIdentity(identity))!;
    cache.users.forget(id);
    const row = await cache.during(
      () => cache.users.byIdentity(identity),
      () => cache.users.set(identity, { ...known, role: 'ADMIN' }),
    );
    expect(row).toMatchObject({ id });
    expect(await cache.users.byIdentity(identity)).toMatchObject({ role: 'ADMIN' });
  });

  it('a missing user is read again', async () => {
    await using cache = await openCache();
    expect(await cache.users.byId(nobody)).toBeUndefined();
    await cache.admin.query(
      `insert into users (id, username, display_name) values ($1, 'bob', 'Bob')`,
      [nobody],
    );
    expect(await cache.users.byId(nobody)).toMatchObject({ username: 'bob' });
  });
});
