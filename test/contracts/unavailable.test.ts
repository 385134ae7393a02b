import { createServer, type AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { codeDriverErrors, isUnavailable } from '../../src/db/unavailable.ts';
import { startFaultProxy, type FaultProxy } from '../support/fault-proxy.ts';
import { describeWithPostgres, postgresUrl } from '../support/servers.ts';

describeWithPostgres('errors of the driver', () => {
  let wire: FaultProxy;
  let pool: pg.Pool;
  beforeAll(async () => {
    wire = await startFaultProxy(Number(new URL(postgresUrl!).port));
    const url = new URL(postgresUrl!);
    url.port = String(wire.port);
    pool = newPool(url.href);
  });
  afterAll(async () => {
    if (!pool.ended) await pool.end();
    await wire[Symbol.asyncDispose]();
  });

  function newPool(connectionString: string, more: pg.PoolConfig = {}): pg.Pool {
    const opened = new pg.Pool({ connectionString, max: 1, ...more });
    codeDriverErrors(opened);
    opened.on('error', () => {});
    opened.on('connect', (client) => client.on('error', () => {}));
    return opened;
  }
  const errorOf = (work: Promise<unknown>): Promise<unknown> =>
    work.then(
      () => expect.fail('it succeeded'),
      (error: unknown) => error,
    );

  it('of a lost connection mean unavailable, in a query and in a transaction', async () => {
    const lost = errorOf(pool.query('select pg_sleep(5)'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    wire.cut();
    expect(isUnavailable(await lost)).toBe(true);

    const client = await pool.connect();
    const lostInTransaction = errorOf(client.query('select pg_sleep(5)'));
    await new Promise((resolve) => setTimeout(resolve, 200));
    wire.cut();
    expect(isUnavailable(await lostInTransaction)).toBe(true);
    expect(isUnavailable(await errorOf(client.query('select 1')))).toBe(true);
    client.release(true);
  });

  it('of a timeout for an answer or a connection mean unavailable', async () => {
    const slow = { text: 'select pg_sleep(5)', query_timeout: 100 } as pg.QueryConfig;
    expect(isUnavailable(await errorOf(pool.query(slow)))).toBe(true);
    const silent = createServer((socket) => onTestFinished(() => void socket.destroy()));
    onTestFinished(() => void silent.close());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const unanswered = newPool(`postgresql://postgres@127.0.0.1:${port}/postgres`, {
      connectionTimeoutMillis: 100,
    });
    expect(isUnavailable(await errorOf(unanswered.query('select 1')))).toBe(true);
    expect(isUnavailable(await errorOf(unanswered.connect()))).toBe(true);
  });

  it('of a closed pool mean unavailable', async () => {
    await pool.end();
    expect(isUnavailable(await errorOf(pool.query('select 1')))).toBe(true);
  });

  it('control: mistakes in a statement or in the program do not', async () => {
    const other = newPool(postgresUrl!);
    onTestFinished(() => other.end());
    expect(isUnavailable(await errorOf(other.query('select nonsense')))).toBe(false);
    expect(isUnavailable(new Error('Connection terminated'))).toBe(false);
    expect(isUnavailable(new TypeError('no such function'))).toBe(false);
  });
});
