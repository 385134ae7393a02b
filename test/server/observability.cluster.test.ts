import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { logLines } from '../support/log-lines.ts';
import { person } from '../support/person.ts';
import { goOnline } from '../support/presence.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import {
  createDatabase as createDatabaseIn,
  startPostgres,
  type Postgres,
} from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';
import { freePort } from '../support/server-process.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const metricsOf = async (url: string) => (await fetch(new URL('/metrics', url))).text();

describe('the metrics and the log of a node', () => {
  const log = logLines();
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode({
      log: log.log,
      settings: { SLOW_OPERATION_MS: '1', RATE_LIMITS: 'off' },
    });
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it('measure queries and mutations by the name in their document', async () => {
    await using ann = await person(node, 'ann');
    await ann.query('query LobbyOfTest { room(name: "lobby") { id } }');
    await ann.query('{ room(name: "lobby") { id } }');
    await ann
      .query(
        'mutation LeaveOfTest { sendMessage(input: { conversationId: "nonsense", body: "hello" }) { message { id } } }',
      )
      .catch(() => {});
    const metrics = await metricsOf(node.url);
    for (const labels of [
      'operation="LobbyOfTest",type="query",outcome="ok"',
      'operation="anonymous",type="query",outcome="ok"',
      'operation="LeaveOfTest",type="mutation",outcome="error"',
    ])
      expect(metrics).toContain(`causerie_operation_duration_seconds_count{${labels}} 1`);
  });

  it('log slow operations by the name in their document, without their variables', async () => {
    await using bob = await person(node, 'bob');
    const { room } = await bob.query('{ room(name: "lobby") { id } }');
    await send(bob, room.id, 'a secret of bob');
    await bob
      .query(
        'query SlowOfTest($text: String!) { searchMessages(query: $text) { edges { node { id } } } }',
        { text: 'a secret of bob' },
      )
      .catch(() => {});
    const slow = log.lines().filter(({ msg }) => /^the operation \w+ was slow$/.test(msg));
    expect(slow.find(({ operation }) => operation === 'SlowOfTest')).toMatchObject({
      level: 40,
      ms: expect.any(Number),
      requestId: expect.any(String),
    });
    expect(log.text()).not.toContain('secret of bob');
  });

  it('[P13] have a bounded number of labels, whatever names clients choose', async () => {
    await using eve = await person(node, 'eve');
    for (let number = 0; number < 120; number++)
      await eve.query(`query Flood${number} { viewer { id } }`);
    await eve.query(`query ${'Long'.repeat(30)} { viewer { id } }`);
    const metrics = await metricsOf(node.url);
    expect(metrics.match(/_count\{operation="Flood\d+"/g)!.length).toBeLessThanOrEqual(100);
    expect(metrics).toMatch(/_count\{operation="other",type="query",outcome="ok"\} \d\d/);
    expect(metrics).not.toContain('LongLong');
  });

  it('show the connections to the database, the waits for one, and the work that waits', async () => {
    const metrics = await metricsOf(node.url);
    expect(metrics).toMatch(/^causerie_database_up 1$/m);
    expect(metrics).toMatch(/^causerie_database_connections\{state="idle"\} \d+$/m);
    expect(metrics).toMatch(/^causerie_database_connections\{state="busy"\} \d+$/m);
    expect(metrics).toMatch(/^causerie_database_waiting 0$/m);
    expect(metrics).toMatch(/^causerie_database_wait_seconds_count [1-9]\d*$/m);
    for (const of of ['follow_ups', 'announcements', 'webhooks'])
      expect(metrics).toMatch(new RegExp(`^causerie_backlog\\{of="${of}"\\} \\d+$`, 'm'));
  });

  it('measure the tasks of maintenance', async () => {
    await using other = await startNode({ limits: { maintenanceMs: 50 } });
    await until('a task has finished', async () =>
      /^causerie_maintenance_finished_timestamp_seconds\{task="delete guests"\} [1-9]/m.test(
        await metricsOf(other.url),
      ),
    );
  });
});

describeWithServers('while a server is down, the metrics', () => {
  let postgres: Postgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres[Symbol.asyncDispose]());

  it('show that the database is down, and the retries', async () => {
    await using node = await startNode({
      limits: { deliveryCheckMs: 50 },
      settings: { DATABASE_URL: await createDatabaseIn(postgres.urlOf('postgres')) },
    });
    expect(await metricsOf(node.url)).toMatch(/^causerie_database_up 1$/m);
    await postgres.kill();
    await until('it is shown', async () =>
      /^causerie_database_up 0$/m.test(await metricsOf(node.url)),
    );
    await until('the work is repeated', async () =>
      /^causerie_retries_total\{of="background"\} [1-9]/m.test(await metricsOf(node.url)),
    );
    await postgres.restart();
    await until('it is up', async () =>
      /^causerie_database_up 1$/m.test(await metricsOf(node.url)),
    );
  });

  it('count the actions that a node counted alone, and the changes that went over the bus only', async () => {
    await using redis = await startRedis();
    await using node = await startNode({
      settings: { DATABASE_URL: await createDatabase(), REDIS_URL: redis.url },
    });
    await redis.admin((client) => client.config('SET', 'maxmemory', '1'));
    await until('the refusal is noticed', async () =>
      /^causerie_redis_writable 0$/m.test(await metricsOf(node.url)),
    );
    await using ann = await person(node, 'ann');
    const { room } = await ann.query('{ room(name: "lobby") { id } }');
    await send(ann, room.id, 'hello');
    const metrics = await metricsOf(node.url);
    expect(metrics).toMatch(/^causerie_rate_fallbacks_total [1-9]/m);
    await until('a change went over the bus only', async () =>
      /^causerie_presence_fallbacks_total [1-9]/m.test(await metricsOf(node.url)),
    );
  });
});

describe('ADMIN_PORT', () => {
  it('serves health and metrics, and the port of the API no longer does', async () => {
    await using node = await startNode({ settings: { ADMIN_PORT: '0' } });
    const status = async (base: string, path: string) => (await fetch(new URL(path, base))).status;
    for (const path of ['/health/live', '/health/ready', '/metrics']) {
      expect(await status(node.app.adminUrl!, path)).toBe(200);
      expect(await status(node.url, path)).toBe(404);
    }
    expect(await status(node.app.adminUrl!, '/graphql')).toBe(404);
  });

  it('reports the drain until its end', async () => {
    const node = await startNode({ settings: { ADMIN_PORT: '0' }, limits: { drainMs: 5000 } });
    await using ann = await person(node, 'ann');
    for (let count = 0; count < 10; count++) await goOnline(ann);
    const closed = node.app.close();
    const ready = await fetch(new URL('/health/ready', node.app.adminUrl));
    expect([ready.status, await ready.json()]).toMatchObject([
      503,
      { status: 'unavailable', draining: true },
    ]);
    await closed;
  });

  it('differs from PORT', async () => {
    const port = `${await freePort()}`;
    await expect(startNode({ settings: { PORT: port, ADMIN_PORT: port } })).rejects.toThrow(
      'ADMIN_PORT must differ from PORT',
    );
    const before = `${Number(port) - 1}`;
    await expect(
      startNode({ settings: { PORT: port, ADMIN_PORT: before, NODES: '2' } }),
    ).rejects.toThrow('ADMIN_PORT must differ from PORT');
  });
});
