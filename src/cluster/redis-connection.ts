import { readFileSync } from 'node:fs';
import { Cluster, Redis, type RedisOptions } from 'ioredis';
import { StartError } from '../errors.ts';
import { jittered } from '../jitter.ts';
import type { RedisUrl } from '../redis-url.ts';

export type RedisConnection = Redis | Cluster;

/**
 * `patient` waits for Redis and resends. `impatient` is for a connection on which nothing waits:
 * while Redis is down, commands fail at once instead of being queued.
 */
export type Patience = 'patient' | 'impatient';

/**
 * All nodes reconnect within 3 s after Redis is back. If it comes back empty, each node must write
 * its users again before the others take the missing keys as its death, after `leaveGraceMs` [P7].
 */
const retryAfter = (attempt: number) => jittered(Math.min(1000, 100 * 2 ** Math.min(attempt, 5)));

const connectTimeout = 2000;
const options = {
  patient: { keepAlive: 10_000, connectTimeout, maxRetriesPerRequest: null },
  impatient: {
    keepAlive: 10_000,
    connectTimeout,
    maxRetriesPerRequest: 1,
    commandTimeout: 500,
    enableOfflineQueue: false,
  },
} satisfies Record<Patience, RedisOptions>;

/** How often a command to a cluster is tried, and the pause before the next attempt, in ms. */
const clusterAttempts = { patient: 16, impatient: 4 } satisfies Record<Patience, number>;
const clusterRetryMs = 50;

/**
 * A connection to the server, to the master that the Sentinels name, or to the cluster of a
 * REDIS_URL. It reconnects by itself, also to another master after a failover.
 */
export function connectRedis(url: RedisUrl, patience: Patience): RedisConnection {
  const { topology, servers } = url;
  const tls = url.isEncrypted ? tlsOptions(url) : undefined;
  const shared = {
    ...options[patience],
    username: url.user,
    password: url.password,
    tls,
    family: url.family,
  } satisfies RedisOptions;
  if (topology.kind === 'cluster')
    return new Cluster([...servers], {
      redisOptions: shared,
      enableOfflineQueue: patience === 'patient',
      clusterRetryStrategy: retryAfter,
      slotsRefreshTimeout: connectTimeout,
      maxRedirections: clusterAttempts[patience],
      retryDelayOnFailover: clusterRetryMs,
      retryDelayOnClusterDown: clusterRetryMs,
      // Certificates name hosts, so host names must reach the check of the certificate.
      ...(tls && { dnsLookup: (address, done) => done(null, address) }),
    });
  const single = { ...shared, db: url.database, retryStrategy: retryAfter };
  if (topology.kind === 'single') return new Redis({ ...single, ...servers[0]! });
  return new Redis({
    ...single,
    sentinels: [...servers],
    name: topology.master,
    sentinelUsername: topology.user,
    sentinelPassword: topology.password,
    sentinelTLS: tls,
    enableTLSForSentinelMode: tls !== undefined,
    sentinelRetryStrategy: retryAfter,
    sentinelCommandTimeout: connectTimeout,
  });
}

export const isCluster = (connection: RedisConnection): connection is Cluster =>
  connection instanceof Cluster;

function tlsOptions({ rootCertificate }: RedisUrl): NonNullable<RedisOptions['tls']> {
  if (rootCertificate === undefined) return {};
  try {
    return { ca: readFileSync(rootCertificate, 'utf8') };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new StartError(
      `REDIS_URL names a certificate file (sslrootcert) that cannot be read (${code}): ${rootCertificate}`,
    );
  }
}

/** Also while a connection is not ready yet: it may go silent while it is being made. */
export function reconnect(connection: RedisConnection): void {
  if (connection.status === 'ready' || connection.status === 'connect') connection.disconnect(true);
}
