import { setTimeout as delay } from 'node:timers/promises';
import type { Fault, Faults } from './faults.ts';

/** A stranger's transaction that holds something for a while. */
const held =
  (statementOf: (roomId: string) => string): Fault =>
  ({ cluster, rooms }, random) =>
    cluster.postgres.admin(async (client) => {
      await client.query('begin');
      await client.query(statementOf(random.pick(rooms).id));
      await delay(random.between(500, 6000));
      await client.query('rollback');
    }, new URL(cluster.databaseUrl).pathname.slice(1));

/** While PostgreSQL is down nothing is acknowledged, and acknowledged messages stay [P6]. */
export const postgresFaults: Faults = {
  'PostgreSQL loses its backends': ({ cluster }) =>
    cluster.postgres.admin(
      async (client) =>
        void (await client.query(
          `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'causerie'`,
        )),
    ),
  'PostgreSQL restarted at once': ({ cluster }) => cluster.postgres.restart(),
  'PostgreSQL killed': async ({ cluster }, random) => {
    await cluster.postgres.kill();
    await delay(random.between(0, 2000));
    await cluster.postgres.restart();
  },
  'PostgreSQL stopped': async ({ cluster }, random) => {
    cluster.postgres.freeze();
    await delay(random.between(500, 4000));
    cluster.postgres.thaw();
  },
  "a stranger's lock on a room": held(
    (roomId) => `select from conversations where id = '${roomId}' for update`,
  ),
  "a stranger's lock on a topic": held(
    (roomId) => `select from topics where id = 'conversation:${roomId}' for update`,
  ),
  "a stranger's lock on all messages": held(() => 'lock table messages in access exclusive mode'),
  /**
   * Statements in progress are executed, but the answer is lost: the node cannot know whether the
   * commit succeeded.
   */
  'PostgreSQL cut at COMMIT': async ({ cluster }, random) => {
    const wires = random.chance(0.3) ? cluster.postgresWires : [random.pick(cluster.postgresWires)];
    for (let turn = 0; turn < 3; turn++) {
      for (const wire of wires) wire.stall('down');
      await delay(random.between(20, 200));
      for (const wire of wires) {
        wire.cut();
        wire.heal();
      }
      await delay(random.between(100, 500));
    }
  },
  'wire to PostgreSQL dead': async ({ cluster }, random) => {
    const wire = random.pick(cluster.postgresWires);
    wire.stall(random.pick(['up', 'down', undefined]));
    await delay(random.between(1000, 5000));
    wire.cut();
    wire.heal();
  },
};
