import { chmod, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { person } from '../support/person.ts';
import { createDatabase, startPostgres, type Postgres } from '../support/postgres.ts';
import { createRoom } from '../support/rooms.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { describeWithPostgres } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { bodies, kinds, send } from '../support/send-and-follow.ts';
import {
  followForChecker,
  isReset,
  observationsOf,
  violationsOf,
} from '../support/checked-histories.ts';

describeWithPostgres(
  'a recovery to a point in time, from a base backup and the archived log',
  () => {
    const archive = temporaryDirectory();
    let postgres: Postgres;
    let wire: FaultProxy;
    beforeAll(async () => {
      await chmod(archive, 0o777);
      postgres = await startPostgres({
        settings: { archive_mode: 'on', archive_command: `cp %p ${join(archive, '%f')}` },
      });
      wire = await startFaultProxy(postgres.port);
    });
    /** Ends the file of the log that is written to, and waits until the archive has it. */
    const archiveAll = () =>
      postgres.admin(async (client) => {
        const { rows } = await client.query('select pg_walfile_name(pg_switch_wal()) as file');
        await expect
          .poll(async () => (await readdir(archive)).includes(rows[0].file), { timeout: 20_000 })
          .toBe(true);
      });
    afterAll(async () => {
      await wire[Symbol.asyncDispose]();
      await postgres[Symbol.asyncDispose]();
    });

    it('[P15] is noticed within 2 s by a running node, which resets only followers that received lost events', async () => {
      const url = await createDatabase(postgres.urlOf('postgres'), undefined, 'causerie');
      const wireUrl = url.replace(`:${postgres.port}/`, `:${wire.port}/`);
      await using node = await startNode({
        settings: { DATABASE_URL: wireUrl, RATE_LIMITS: 'off' },
      });
      await using ann = await person(node, 'ann');
      const [{ id: roomId }, { id: quietId }] = [
        await createRoom(ann, { name: 'Quay' }),
        await createRoom(ann, { name: 'Quiet' }),
      ] as [{ id: string }, { id: string }];
      const [received, quiet] = [followForChecker(ann, roomId), followForChecker(ann, quietId)];
      await quiet.count(1);
      await received.count(1);
      const backup = await postgres.backup();
      await send(ann, roomId, 'after the backup');
      await send(ann, quietId, 'after the backup');
      await postgres.admin((client) => client.query(`select pg_create_restore_point('here')`));
      for (const body of ['lost 1', 'lost 2', 'lost 3']) await send(ann, roomId, body);
      await received.count(5);
      await quiet.count(2);
      await archiveAll();

      await using recovered = await startPostgres({
        from: { data: backup, signal: 'recovery' },
        settings: {
          restore_command: `cp ${join(archive, '%f')} %p`,
          recovery_target_name: 'here',
          recovery_target_action: 'promote',
        },
      });
      await expect
        .poll(() =>
          recovered.admin(
            async (client) => (await client.query('select pg_is_in_recovery() as is')).rows[0].is,
          ),
        )
        .toBe(false);
      wire.target = recovered.port;
      wire.cut();
      const recoveredAt = Date.now();
      await received.until(({ events }) => events.some(isReset));
      expect(Date.now() - recoveredAt).toBeLessThan(12_000);
      for (const body of ['new 1', 'new 2', 'new 3', 'new 4']) await send(ann, roomId, body);
      await send(ann, quietId, 'still here');
      await received.until(() => bodies(received).at(-1) === 'new 4');
      await quiet.until(() => bodies(quiet).at(-1) === 'still here');
      expect(await violationsOf(wireUrl, roomId, observationsOf(received))).toEqual([]);
      expect(kinds(quiet)).not.toContain('StreamReset');
      expect(await violationsOf(wireUrl, quietId, observationsOf(quiet))).toEqual([]);
    }, 120_000);
  },
);
