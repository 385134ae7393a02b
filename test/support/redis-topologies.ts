import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { redisPrograms, startRedis, type RedisServer } from './redis.ts';
import { freePort, startProcess, temporaryDirectory } from './server-process.ts';
import { until } from './until.ts';

export interface RedisTopology extends AsyncDisposable {
  readonly url: string;
  /** Kills the master on which the nodes depend, or one of them. */
  killMaster(): Promise<void>;
}

async function disposeAll(parts: readonly AsyncDisposable[]): Promise<void> {
  await Promise.all(parts.map((part) => part[Symbol.asyncDispose]()));
}

/** A master, a replica, and three Sentinels that promote the replica within a second or two. */
export async function startSentinels(): Promise<RedisTopology> {
  const master = await startRedis();
  const replica = await startRedis({ args: ['--replicaof', '127.0.0.1', `${master.port}`] });
  const sentinels = await Promise.all([1, 2, 3].map(() => startSentinel(master.port)));
  const parts = [master, replica, ...sentinels];
  await until('the Sentinels know each other and the replica', async () => {
    const states = await Promise.all(sentinels.map(({ masterState }) => masterState()));
    return states.every(
      (state) => state['num-other-sentinels'] === '2' && state['num-slaves'] === '1',
    );
  });
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    url: `redis://${hosts}?sentinel=main`,
    killMaster: () => master.kill(),
    [Symbol.asyncDispose]: () => disposeAll(parts),
  };
}

async function startSentinel(masterPort: number) {
  const [directory, port] = [temporaryDirectory(), await freePort()];
  const configuration = join(directory, 'sentinel.conf');
  const settings = [
    `port ${port}`,
    'bind 127.0.0.1',
    `dir ${directory}`,
    `sentinel monitor main 127.0.0.1 ${masterPort} 2`,
    'sentinel down-after-milliseconds main 1000',
    'sentinel failover-timeout main 5000',
  ];
  await writeFile(configuration, `${settings.join('\n')}\n`);
  const ask = async <Result>(work: (client: Redis) => Promise<Result>) => {
    const client = new Redis({ port, host: '127.0.0.1', lazyConnect: true, retryStrategy: null });
    client.on('error', () => {});
    try {
      await client.connect();
      return await work(client);
    } finally {
      client.disconnect();
    }
  };
  const server = await startProcess(
    join(redisPrograms()!, 'redis-server'),
    [configuration, '--sentinel'],
    { directory, isReady: () => ask((client) => client.ping()) },
  );
  return {
    port,
    masterState: () =>
      ask(async (client) => {
        const fields = (await client.call('SENTINEL', 'MASTER', 'main')) as string[];
        return Object.fromEntries(
          fields.flatMap((name, place) => (place % 2 ? [] : [[name, fields[place + 1]]])),
        ) as Record<string, string>;
      }),
    [Symbol.asyncDispose]: () => server.end('SIGKILL'),
  };
}

const slots = 16_384;

/** A server in cluster mode that serves no slots yet. */
export async function startClusterMember(): Promise<
  RedisServer & { readonly clusterPort: number }
> {
  const clusterPort = await freePort();
  const args = ['--cluster-enabled', 'yes', '--cluster-port', `${clusterPort}`];
  const member = await startRedis({ args: [...args, '--cluster-node-timeout', '1000'] });
  return Object.assign(member, { clusterPort });
}

/** Three masters, each with a replica that replaces it within a second or two. */
export async function startRedisCluster(): Promise<RedisTopology> {
  const members = await Promise.all([1, 2, 3, 4, 5, 6].map(startClusterMember));
  const [masters, replicas] = [members.slice(0, 3), members.slice(3)];
  const call = (member: RedisServer, ...words: [string, ...string[]]) =>
    member.admin((client) => client.call(...words));
  for (const [place, master] of masters.entries()) {
    const [from, to] = [place, place + 1].map((part) => Math.floor((slots * part) / 3));
    await call(master, 'CLUSTER', 'ADDSLOTSRANGE', `${from}`, `${to! - 1}`);
    await call(master, 'CLUSTER', 'SET-CONFIG-EPOCH', `${place + 1}`);
  }
  for (const member of members.slice(1))
    await call(
      member,
      'CLUSTER',
      'MEET',
      '127.0.0.1',
      `${masters[0]!.port}`,
      `${masters[0]!.clusterPort}`,
    );
  for (const [place, replica] of replicas.entries()) {
    const id = String(await call(masters[place]!, 'CLUSTER', 'MYID'));
    await until('the replica knows its master', async () =>
      String(await call(replica, 'CLUSTER', 'NODES')).includes(id),
    );
    await call(replica, 'CLUSTER', 'REPLICATE', id);
  }
  await until('the cluster works', async () => {
    const states = await Promise.all(members.map((member) => call(member, 'CLUSTER', 'NODES')));
    const working = await Promise.all(members.map((member) => call(member, 'CLUSTER', 'INFO')));
    return (
      states.every((state) => String(state).match(/slave /g)?.length === 3) &&
      working.every((state) => String(state).includes('cluster_state:ok'))
    );
  });
  await until('each replica follows its master', async () => {
    const states = await Promise.all(
      replicas.map((replica) => replica.admin((client) => client.info('replication'))),
    );
    return states.every((state) => state.includes('master_link_status:up'));
  });
  const hosts = masters.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    url: `redis://${hosts}?cluster=true`,
    killMaster: () => masters[1]!.kill(),
    [Symbol.asyncDispose]: () => disposeAll(members),
  };
}
