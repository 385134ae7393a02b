import { readAuthority, readCredentials, readParameters, readPort } from './url-parts.ts';

export interface RedisServerAddress {
  readonly host: string;
  readonly port: number;
}

/** The role of the servers of REDIS_URL: one server, its Sentinels, or members of a cluster. */
export type RedisTopology =
  | { readonly kind: 'single' }
  | {
      readonly kind: 'sentinel';
      /** The name under which the Sentinels know the master. */
      readonly master: string;
      readonly user: string | undefined;
      readonly password: string | undefined;
    }
  | { readonly kind: 'cluster' };

export interface RedisUrl {
  readonly topology: RedisTopology;
  readonly servers: readonly RedisServerAddress[];
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: number;
  readonly isEncrypted: boolean;
  /** The path of a file in PEM format. */
  readonly rootCertificate: string | undefined;
  /** The version of IP: 4, 6, or 0 for both. */
  readonly family: number;
}

const form = /^redis(s?):\/\/(?:([^@/?#]*)@)?([^/?#]*)(?:\/([^?#]*))?(?:\?([^#]*))?$/;
const parameters = [
  'sentinel',
  'sentinel_user',
  'sentinel_password',
  'cluster',
  'sslrootcert',
  'family',
];

/**
 * Throws an Error whose message completes a sentence that begins with `REDIS_URL`. The message
 * never contains a password.
 */
export function parseRedisUrl(text: string): RedisUrl {
  const parts = form.exec(text);
  if (!parts) throw new Error('is not a URL such as redis://host:6379');
  const [, encrypted = '', credentials = '', authority = '', path = '', query = ''] = parts;
  const given = readParameters(query, parameters);
  const [user, password] = readCredentials(credentials);
  const topology = readTopology(given);
  if (given.sslrootcert && !encrypted)
    throw new Error('has sslrootcert without TLS: begin it with rediss://');
  return {
    topology,
    servers: readServers(authority, topology),
    user,
    password,
    database: readDatabase(path, topology),
    isEncrypted: encrypted === 's',
    rootCertificate: given.sslrootcert,
    family: readFamily(given.family),
  };
}

/** The servers of a URL, for messages. */
export const nameRedisServers = ({ topology, servers }: RedisUrl): string => {
  const names = servers.map(({ host, port }) => `${host}:${port}`).join(', ');
  if (topology.kind === 'sentinel') return `the master ${topology.master} of Sentinels at ${names}`;
  return topology.kind === 'cluster' ? `the cluster at ${names}` : names;
};

function readTopology(given: Record<string, string | undefined>): RedisTopology {
  const { sentinel, cluster } = given;
  if (cluster !== undefined && cluster !== 'true' && cluster !== 'false')
    throw new Error(`has cluster=${cluster}: use true or false`);
  const isCluster = cluster === 'true';
  if (sentinel !== undefined && isCluster)
    throw new Error('has both sentinel and cluster=true: keep the one that you run');
  if (sentinel === undefined && (given.sentinel_user ?? given.sentinel_password) !== undefined)
    throw new Error('has credentials for Sentinels without sentinel=NAME-OF-THE-MASTER');
  if (sentinel === undefined) return { kind: isCluster ? 'cluster' : 'single' };
  return {
    kind: 'sentinel',
    master: sentinel,
    user: given.sentinel_user,
    password: given.sentinel_password,
  };
}

function readServers(authority: string, { kind }: RedisTopology): RedisServerAddress[] {
  const defaultPort = kind === 'sentinel' ? '26379' : '6379';
  const servers = readAuthority(authority).map(({ host = 'localhost', port }) => ({
    host,
    port: readPort(port || defaultPort),
  }));
  if (kind === 'single' && servers.length > 1)
    throw new Error(
      'has several servers: add ?sentinel=NAME-OF-THE-MASTER if they are Sentinels, or ?cluster=true if they form a Redis Cluster',
    );
  return servers;
}

function readDatabase(path: string, { kind }: RedisTopology): number {
  if (!/^\d{0,5}$/.test(path))
    throw new Error(`has the database ${path}: use a number, such as redis://host:6379/1`);
  const database = Number(path);
  if (kind === 'cluster' && database !== 0)
    throw new Error('has a database, but a Redis Cluster has only database 0: remove the path');
  return database;
}

function readFamily(text = '0'): number {
  if (!['0', '4', '6'].includes(text)) throw new Error(`has family=${text}: use 4, 6, or 0`);
  return Number(text);
}
