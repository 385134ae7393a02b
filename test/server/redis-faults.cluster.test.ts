import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { makeCertificates } from '../support/certificates.ts';
import { freePort, temporaryDirectory } from '../support/server-process.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { startClusterMember } from '../support/redis-topologies.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';
import { logLines } from '../support/log-lines.ts';

interface Fault {
  readonly name: string;
  readonly fault: string;
  /** The advice in the log. */
  readonly advice: RegExp;
  /** Prepares a Redis with the fault, and the URL under which the node knows it. */
  prepare(): Promise<{ redis?: RedisServer; url: string }>;
  /** Ends the fault. */
  repair?(redis: RedisServer): Promise<unknown>;
}

const withRedis = async (
  args: readonly string[],
  urlOf: (redis: RedisServer) => string = ({ url }) => url,
) => {
  const redis = await startRedis({ args });
  return { redis, url: urlOf(redis) };
};
const withUser = async (...rules: string[]) => {
  const redis = await startRedis();
  await redis.admin((client) => client.call('ACL', 'SETUSER', 'chat', 'on', '>secret', ...rules));
  return { redis, url: redis.url.replace('//', '//chat:secret@') };
};
const grant = (redis: RedisServer) =>
  redis.admin((client) => client.call('ACL', 'SETUSER', 'chat', '+@all', 'allkeys', 'allchannels'));

const faults: readonly Fault[] = [
  {
    name: 'a server that does not run',
    fault: 'unreachable',
    advice: /Check that it runs/,
    prepare: async () => ({ url: `redis://127.0.0.1:${await freePort()}` }),
  },
  {
    name: 'a wrong password',
    fault: 'password',
    advice: /Correct them in REDIS_URL/,
    async prepare() {
      const redis = await startRedis();
      await redis.admin((client) =>
        client.call('ACL', 'SETUSER', 'chat', 'on', '>other', '+@all', 'allkeys', 'allchannels'),
      );
      return { redis, url: redis.url.replace('//', '//chat:secret@') };
    },
    repair: (redis) => redis.admin((client) => client.call('ACL', 'SETUSER', 'chat', '>secret')),
  },
  {
    name: 'a missing password',
    fault: 'password',
    advice: /Correct them in REDIS_URL/,
    async prepare() {
      const redis = await startRedis();
      await redis.admin((client) => client.call('ACL', 'SETUSER', 'default', 'resetpass'));
      return { redis, url: redis.url };
    },
  },
  {
    name: 'a certificate of an unknown authority',
    fault: 'certificate',
    advice: /Add sslrootcert=/,
    async prepare() {
      const { certificate, key } = makeCertificates('localhost');
      const port = await freePort();
      const args = [
        '--tls-port',
        `${port}`,
        '--tls-cert-file',
        certificate,
        '--tls-key-file',
        key,
        '--tls-auth-clients',
        'no',
      ];
      return withRedis(args, () => `rediss://localhost:${port}`);
    },
  },
  {
    name: 'a cluster instead of one server',
    fault: 'cluster',
    advice: /Add \?cluster=true/,
    async prepare() {
      const redis = await startClusterMember();
      await redis.admin((client) => client.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383'));
      await until('the cluster works', async () =>
        String(await redis.admin((client) => client.call('CLUSTER', 'INFO'))).includes(
          'cluster_state:ok',
        ),
      );
      return { redis, url: redis.url };
    },
  },
  {
    name: 'one server instead of a cluster',
    fault: 'not_cluster',
    advice: /Remove cluster=true/,
    prepare: () => withRedis([], ({ url }) => `${url}?cluster=true`),
  },
  {
    name: 'a cluster without masters for all slots',
    fault: 'cluster_down',
    advice: /each slot has a master/,
    async prepare() {
      const redis = await startClusterMember();
      return { redis, url: redis.url };
    },
  },
  {
    name: 'a server that is no Sentinel',
    fault: 'sentinel',
    advice: /Check the hosts of the Sentinels/,
    prepare: () => withRedis([], ({ url }) => `${url}?sentinel=main`),
  },
  {
    name: 'a user who may not use the channel',
    fault: 'permission',
    advice: /the channels &causerie:\*/,
    prepare: () => withUser('+@all', 'allkeys', 'resetchannels'),
    repair: grant,
  },
  {
    name: 'a user who may not use the keys',
    fault: 'permission',
    advice: /the keys ~causerie:\*/,
    prepare: () => withUser('+@all', 'allchannels'),
    repair: grant,
  },
  {
    name: 'a user who may not write',
    fault: 'permission',
    advice: /It needs all commands/,
    prepare: () => withUser('+@all', '-@write', 'allkeys', 'allchannels'),
    repair: grant,
  },
  {
    name: 'a replica',
    fault: 'replica',
    advice: /Set it to the primary/,
    prepare: () => withRedis(['--replicaof', '127.0.0.1', '1']),
    repair: (redis) => redis.admin((client) => client.call('REPLICAOF', 'NO', 'ONE')),
  },
  {
    name: 'a full memory',
    fault: 'full',
    advice: /raise maxmemory/,
    prepare: () => withRedis(['--maxmemory', '1', '--maxmemory-policy', 'noeviction']),
    repair: (redis) => redis.admin((client) => client.config('SET', 'maxmemory', '0')),
  },
  {
    name: 'a disk to which it cannot save',
    fault: 'disk',
    advice: /Free its disk, or turn off saving/,
    async prepare() {
      const directory = temporaryDirectory();
      const scene = await withRedis(['--save', '3600 1', '--dir', directory]);
      // The file cannot be replaced, because a directory has its name.
      await mkdir(join(directory, 'dump.rdb'));
      await scene.redis.admin((client) => client.call('BGSAVE'));
      await until('saving has failed', async () =>
        String(await scene.redis.admin((client) => client.info('persistence'))).includes(
          'rdb_last_bgsave_status:err',
        ),
      );
      return scene;
    },
    repair: (redis) => redis.admin((client) => client.config('SET', 'save', '')),
  },
];

describeWithServers('a Redis that does not serve', { concurrent: true }, () => {
  it.each(faults)(
    '[P4] $name is logged within 5 s with what to do, measured, and reported by /health/ready without host names',
    async ({ fault, advice, prepare, repair }) => {
      const { redis, url } = await prepare();
      await using _ = { [Symbol.asyncDispose]: async () => redis?.[Symbol.asyncDispose]() };
      const log = logLines();
      const startedAt = performance.now();
      await using node = await startNode({
        log: log.log,
        settings: { DATABASE_URL: await createDatabase(), REDIS_URL: url },
      });
      const ready = async () => (await fetch(new URL('/health/ready', node.url))).text();
      const measured = async () =>
        [
          ...(await (await fetch(new URL('/metrics', node.url))).text()).matchAll(
            /^causerie_redis_fault\{fault="(\w+)"\} 1$/gm,
          ),
        ].map(([, name]) => name);
      const warnings = () => log.lines().filter(({ level }) => level === 40);

      await until('it is reported', async () => JSON.parse(await ready()).redis === fault, 15_000);
      await until('it is logged', () => warnings().some((line) => line.fault === fault), 15_000);
      const text = await ready();
      expect(JSON.parse(text)).toMatchObject({ status: 'degraded', database: 'ok', redis: fault });
      expect(text).not.toMatch(/127\.0\.0\.1|localhost|\d{4}/);
      expect(warnings().find((line) => line.fault === fault)!.msg).toMatch(advice);
      expect(await measured()).toContain(fault);
      expect(log.text()).not.toContain('secret');
      // An assertion about time leaves slack for a busy machine.
      expect(performance.now() - startedAt).toBeLessThan(15_000);
      if (!repair) return;

      await repair(redis!);
      await until('it works again', async () => JSON.parse(await ready()).status === 'ok');
      expect(await measured()).toEqual([]);
      expect(log.lines().filter(({ msg }) => msg === 'Redis works again')).toHaveLength(1);
      expect(warnings().filter((line) => line.fault === fault)).toHaveLength(1);
    },
  );
});
