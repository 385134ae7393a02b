import { randomBytes } from 'node:crypto';
import { startFaultProxy, type FaultProxy } from '../../support/fault-proxy.ts';
import { createDatabase, startPostgres, type Postgres } from '../../support/postgres.ts';
import { startRedis, type RedisServer } from '../../support/redis.ts';
import { freePort } from '../../support/server-process.ts';
import { startNodeProcess, type NodeProcess } from './node-process.ts';
import type { Endpoint } from './request.ts';
import type { Access } from './users.ts';

/** A wire from clients to one of the nodes. */
export interface Lane extends Endpoint {
  readonly node: NodeProcess;
  readonly wire: FaultProxy;
}

/**
 * Nodes on one PostgreSQL and one Redis, each reached and reaching over wires that can be broken.
 */
export interface TestedCluster extends AsyncDisposable {
  readonly postgres: Postgres;
  readonly redis: RedisServer;
  /** Past every wire. */
  readonly databaseUrl: string;
  readonly access: Access;
  readonly nodes: readonly NodeProcess[];
  readonly lanes: readonly Lane[];
  /** Between each node and Redis, and PostgreSQL. */
  readonly redisWires: readonly FaultProxy[];
  readonly postgresWires: readonly FaultProxy[];
}

const lanesPerNode = 2;

export async function startTestedCluster(size: number): Promise<TestedCluster> {
  const started: AsyncDisposable[] = [];
  const keep = <Part extends AsyncDisposable>(part: Part): Part => {
    started.push(part);
    return part;
  };
  const endAll = async () => {
    for (const part of started.toReversed()) await part[Symbol.asyncDispose]();
  };
  const wiresTo = (port: number, count: number) =>
    Promise.all(Array.from({ length: count }, async () => keep(await startFaultProxy(port))));
  try {
    const postgres = keep(await startPostgres());
    const redis = keep(await startRedis());
    const databaseUrl = await createDatabase(postgres.urlOf('postgres'));
    const secret = randomBytes(32).toString('hex');
    const redisWires = await wiresTo(redis.port, size);
    const postgresWires = await wiresTo(postgres.port, size);
    const startNode = async (place: number) => {
      const settings = {
        DATABASE_URL: overWire(databaseUrl, postgresWires[place]!),
        REDIS_URL: overWire(redis.url, redisWires[place]!),
        JWT_SECRET: secret,
        RATE_LIMITS: 'off',
        WEBHOOKS_ALLOW_PRIVATE: 'on',
      };
      return keep(await startNodeProcess(`node ${place + 1}`, await freePort(), settings));
    };
    const nodes = await Promise.all(redisWires.map((_, place) => startNode(place)));
    const lanesTo = async (node: NodeProcess) => {
      const wires = await wiresTo(Number(new URL(node.url).port), lanesPerNode);
      return wires.map((wire): Lane => ({
        node,
        wire,
        url: `http://127.0.0.1:${wire.port}/graphql`,
        wsUrl: `ws://127.0.0.1:${wire.port}/graphql`,
      }));
    };
    const lanes = (await Promise.all(nodes.map(lanesTo))).flat();
    return {
      postgres,
      redis,
      databaseUrl,
      access: { url: `${nodes[0]!.url}/graphql`, secret },
      nodes,
      lanes,
      redisWires,
      postgresWires,
      [Symbol.asyncDispose]: endAll,
    };
  } catch (error) {
    await endAll();
    throw error;
  }
}

function overWire(url: string, wire: FaultProxy): string {
  const through = new URL(url);
  through.port = String(wire.port);
  return through.href;
}
