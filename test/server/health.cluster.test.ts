import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { person, query } from '../support/person.ts';
import { createDatabase, startPostgres, type Postgres } from '../support/postgres.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { describeWithServers } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const ask = async (node: TestNode, path: string) => {
  const start = performance.now();
  const response = await fetch(new URL(path, node.url));
  return {
    status: response.status,
    body: (await response.json()) as Record<string, unknown>,
    ms: performance.now() - start,
  };
};

describe('a single node', () => {
  let node: TestNode;
  beforeAll(async () => {
    node = await startNode();
  });
  afterAll(() => node[Symbol.asyncDispose]());

  it('is alive and ready once it listens', async () => {
    expect(await ask(node, '/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await ask(node, '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', database: 'ok', bus: 'ok', presence: 'ok', draining: false },
    });
  });

  it('forbids caches to store its answers', async () => {
    expect((await fetch(new URL('/health/ready', node.url))).headers.get('cache-control')).toBe(
      'no-store',
    );
  });

  it('counts its work in metrics', async () => {
    await using ann = await person(node, 'ann');
    const { room } = await ann.query('{ room(name: "lobby") { id } }');
    await ann.query(
      'mutation ($id: ID!) { sendMessage(input: { conversationId: $id, body: "hello" }) { message { id } } }',
      { id: room.id },
    );
    await expect(query(node.url, '{ rooms { edges { node { id } } } }')).rejects.toThrow();
    const response = await fetch(new URL('/metrics', node.url));
    expect(response.headers.get('content-type')).toContain('text/plain');
    const metrics = await response.text();
    expect(metrics).toMatch(/^causerie_sends_total\{outcome="\w+"\} 1$/m);
    expect(metrics).toMatch(/^causerie_send_duration_seconds_count 1$/m);
    expect(metrics).toMatch(/^causerie_refusals_total\{code="UNAUTHENTICATED"\} 1$/m);
    expect(metrics).toMatch(/^process_resident_memory_bytes \d/m);
    for (const name of [
      'connections',
      'live_operations',
      'events_heard_total',
      'events_replayed_total',
      'holes_repaired_total',
      'executions_total',
      'deliveries_total',
      'slow_readers_total',
      'bus_lag_seconds',
    ])
      expect(metrics).toContain(`# HELP causerie_${name} `);
  });

  it('accepts no requests while it drains, and ends subscriptions', async () => {
    const node = await startNode({ limits: { drainMs: 1000 } });
    await using ann = await person(node, 'ann');
    const { room } = await ann.query('{ room(name: "lobby") { id } }');
    const received = ann.follow(
      'subscription ($id: ID!) { roomMessages(roomId: $id) { __typename } }',
      { id: room.id },
    );
    await received.count(1);
    const closed = node.app.close();
    // A connection that is open still receives an answer.
    const answer = await ask(node, '/health/ready').then(
      ({ status }) => status,
      (error: Error) => error.message,
    );
    expect([503, 'fetch failed']).toContain(answer);
    expect((await received.ended())?.code).toBe('1012');
    await closed;
  });
});

describeWithServers('a node on PostgreSQL and Redis', () => {
  let postgres: Postgres;
  let redis: RedisServer;
  let node: TestNode;
  beforeAll(async () => {
    [postgres, redis] = await Promise.all([startPostgres(), startRedis()]);
    node = await startNode({
      settings: {
        DATABASE_URL: await createDatabase(postgres.urlOf('postgres')),
        REDIS_URL: redis.url,
      },
    });
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  });

  it('[P4] stays ready without Redis, and reports that it is degraded', async () => {
    await until('all is well', async () => (await ask(node, '/health/ready')).body.status === 'ok');
    await redis.kill();
    await until(
      'it is degraded',
      async () => (await ask(node, '/health/ready')).body.redis === 'unreachable',
    );
    expect(await ask(node, '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded', database: 'ok', bus: 'away', redis: 'unreachable' },
    });
    await redis.restart();
    await until(
      'all is well again',
      async () => (await ask(node, '/health/ready')).body.status === 'ok',
    );
  });

  it('[P7] stays ready while Redis refuses to store, and reports that it is degraded', async () => {
    const isWritable = () => ask(node, '/health/ready').then(({ body }) => body.presence);
    await redis.admin((client) => client.config('SET', 'maxmemory', '1'));
    await until('it is degraded', async () => (await isWritable()) === 'unwritten');
    expect(await ask(node, '/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'degraded', database: 'ok', bus: 'ok' },
    });
    await redis.admin((client) => client.config('SET', 'maxmemory', '0'));
    await until('all is well again', async () => (await isWritable()) === 'ok');
    expect((await ask(node, '/health/ready')).body.status).toBe('ok');
  });

  it('is alive and not ready while PostgreSQL is stopped, and reports it within two seconds', async () => {
    postgres.freeze();
    const ready = await ask(node, '/health/ready');
    expect(ready).toMatchObject({
      status: 503,
      body: { status: 'unavailable', database: 'away' },
    });
    expect(ready.ms).toBeLessThan(2000);
    expect((await ask(node, '/health/live')).status).toBe(200);
    postgres.thaw();
    await until('it is ready again', async () => (await ask(node, '/health/ready')).status === 200);
  });

  it('is ready again after PostgreSQL was killed and restarted', async () => {
    await postgres.kill();
    await until('it is not ready', async () => (await ask(node, '/health/ready')).status === 503);
    // Neither the host nor the reason, which names it.
    expect((await ask(node, '/health/ready')).body).toEqual({
      status: 'unavailable',
      database: 'away',
      bus: expect.stringMatching(/^(ok|away)$/),
      presence: 'ok',
      redis: expect.stringMatching(/^(ok|unreachable)$/),
      draining: false,
    });
    await postgres.restart();
    await until(
      'it is ready again',
      async () => (await ask(node, '/health/ready')).status === 200,
      30_000,
    );
  });
});
