import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import type { Received } from '../support/received.ts';
import { person, type Person } from '../support/person.ts';
import { createDatabase, startPostgres, type Postgres } from '../support/postgres.ts';
import { createRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, startNode } from '../support/start-node.ts';
import { bodies, kinds, send } from '../support/send-and-follow.ts';
import {
  followForChecker,
  isReset,
  observationsOf,
  violationsOf,
} from '../support/checked-histories.ts';

/**
 * A primary with a standby that streams from it, behind a wire that leads to the primary, until it
 * is changed.
 */
async function startPair(isSynchronous: boolean) {
  const primary = await startPostgres();
  const stream = await startFaultProxy(primary.port);
  const standby = await startPostgres({
    from: { data: await primary.backup(), signal: 'standby' },
    settings: {
      primary_conninfo: `host=127.0.0.1 port=${stream.port} user=postgres application_name=standby`,
    },
  });
  const replication = () =>
    primary.admin(
      async (client) =>
        (await client.query('select state, sync_state from pg_stat_replication')).rows[0],
    );
  await expect.poll(async () => (await replication())?.state).toBe('streaming');
  if (isSynchronous) {
    await primary.admin(async (client) => {
      await client.query(`alter system set synchronous_standby_names = 'standby'`);
      await client.query('select pg_reload_conf()');
    });
    await expect.poll(async () => (await replication())?.sync_state).toBe('sync');
  }
  const wire = await startFaultProxy(primary.port);
  return {
    primary,
    wire,
    /** From here on the standby is sent nothing more. */
    interrupt: () => stream.stall('down'),
    /** Kills the primary, lets the standby take its place, and returns when that was. */
    async failOver(): Promise<number> {
      wire.refuse();
      wire.cut();
      stream.cut();
      await primary.kill();
      await standby.admin((client) => client.query('select pg_promote()'));
      wire.target = standby.port;
      wire.heal();
      return Date.now();
    },
    async [Symbol.asyncDispose]() {
      await wire[Symbol.asyncDispose]();
      await stream[Symbol.asyncDispose]();
      await standby[Symbol.asyncDispose]();
      await primary[Symbol.asyncDispose]();
    },
  };
}

const databaseOn = async (primary: Postgres, wire: FaultProxy) => {
  const url = await createDatabase(primary.urlOf('postgres'), undefined, `db_${Date.now()}`);
  return url.replace(`:${primary.port}/`, `:${wire.port}/`);
};

/** Sends one message after another, each with its key until it is acknowledged. */
function startWriter(author: Person, roomId: string) {
  const acknowledged: string[] = [];
  let isStopped = false;
  const written = (async () => {
    for (let count = 1; !isStopped; count++) {
      const more = { idempotencyKey: randomUUID() };
      const body = `${author.username} ${count}`;
      while (
        !(await send(author, roomId, body, more).then(
          () => true,
          () => false,
        ))
      )
        await new Promise((resolve) => setTimeout(resolve, 50));
      acknowledged.push(body);
    }
  })();
  return {
    acknowledged,
    async stop() {
      isStopped = true;
      await written;
    },
  };
}

async function meet(url: string) {
  const nodes = await startCluster(2, { settings: { DATABASE_URL: url, RATE_LIMITS: 'off' } });
  const people = await Promise.all(nodes.map((node, at) => person(node, `writer-${at}`)));
  const [first] = people as [Person, Person];
  const { id: roomId } = await createRoom(first, { name: 'Quay' });
  for (const other of people.slice(1))
    await other.query('mutation ($id: ID!) { joinRoom(input: { roomId: $id }) { room { id } } }', {
      id: roomId,
    });
  const { id: quietId } = await createRoom(first, { name: 'Quiet' });
  const followers = people.flatMap((one) =>
    Array.from({ length: 5 }, () => followForChecker(one, roomId)),
  );
  const quiet = followForChecker(first, quietId);
  for (const received of [...followers, quiet]) await received.count(1);
  return { nodes, people, first, roomId, quietId, followers, quiet };
}

const everyoneHas = async (followers: readonly Received[], body: string) => {
  for (const received of followers) await received.until(() => bodies(received).includes(body));
};

describeWithServers('a standby that is promoted under load', () => {
  it('[P15] without the newest events resets the followers that received them, within 2 s and without a restart, and misses no new event', async () => {
    await using pair = await startPair(false);
    const url = await databaseOn(pair.primary, pair.wire);
    const { nodes, people, first, roomId, quietId, followers, quiet } = await meet(url);
    await using _ = nodes;
    await send(first, roomId, 'kept');
    await everyoneHas(followers, 'kept');
    const kept = followers[0]!.events.at(-1).cursor as string;
    // The standby is to have all so far.
    await pair.primary.admin(async (client) => {
      await expect
        .poll(
          async () =>
            (
              await client.query(
                'select replay_lsn = pg_current_wal_lsn() as level from pg_stat_replication',
              )
            ).rows[0].level,
        )
        .toBe(true);
    });
    pair.interrupt();
    for (let count = 1; count <= 27; count++) await send(first, roomId, `lost ${count}`);
    await everyoneHas(followers, 'lost 27');
    const lost = followers.map((received) => received.events.at(-1).cursor as string);
    const writers = people.map((one) => startWriter(one, roomId));
    const failedOverAt = await pair.failOver();
    for (const received of followers) await received.until(({ events }) => events.some(isReset));
    // A head check, a read of the log, and the pool's new connections.
    expect(Date.now() - failedOverAt).toBeLessThan(12_000);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const writer of writers) await writer.stop();
    await send(first, roomId, 'the last');
    await send(first, quietId, 'still here');
    await everyoneHas(followers, 'the last');
    for (const received of followers) {
      expect(received.ending).toBeUndefined();
      expect(await violationsOf(url, roomId, observationsOf(received))).toEqual([]);
      expect(received.events.find(isReset).resetReason).toBe('UNKNOWN_CURSOR');
    }
    await everyoneHas([quiet], 'still here');
    expect(kinds(quiet)).not.toContain('StreamReset');

    // A node that starts now has never known the other history.
    await using later = await startNode({ settings: nodes[0]!.settings });
    const resumed = followForChecker(first.at(later), roomId, lost[0]);
    expect((await resumed.count(1)).events[0].__typename).toBe('StreamReset');
    const bridged = followForChecker(first.at(later), roomId, kept);
    await everyoneHas([bridged], 'the last');
    expect(kinds(bridged)).not.toContain('StreamReset');
  }, 120_000);

  it('[P2] [P15] with all events resets no follower, and delivers without a gap or a repeat', async () => {
    await using pair = await startPair(true);
    const url = await databaseOn(pair.primary, pair.wire);
    const { nodes, people, first, roomId, followers } = await meet(url);
    await using _ = nodes;
    const writers = people.map((one) => startWriter(one, roomId));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await pair.failOver();
    const before = writers.map(({ acknowledged }) => acknowledged.length);
    for (const [place, { acknowledged }] of writers.entries())
      await expect
        .poll(() => acknowledged.length, { timeout: 15_000 })
        .toBeGreaterThan(before[place]! + 5);
    for (const writer of writers) await writer.stop();
    await send(first, roomId, 'the last');
    await everyoneHas(followers, 'the last');
    for (const received of followers) {
      expect(kinds(received)).not.toContain('StreamReset');
      expect(await violationsOf(url, roomId, observationsOf(received))).toEqual([]);
      for (const body of writers.flatMap(({ acknowledged }) => acknowledged))
        expect(bodies(received)).toContain(body);
    }
    await using later = await startNode({ settings: nodes[0]!.settings });
    const cursor = followers[0]!.events.at(-1).cursor as string;
    const resumed = followForChecker(first.at(later), roomId, cursor);
    expect((await resumed.count(1)).events[0].__typename).toBe('CaughtUp');
  }, 120_000);
});
