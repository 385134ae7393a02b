import type { EventEmitter } from 'node:events';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisConnection } from './redis-connection.ts';

/** Each reason why Redis may not serve a node, and what to do about it. */
const advice = {
  unreachable:
    'Redis cannot be reached. Check that it runs, the host and the port of REDIS_URL, and whether it needs TLS (rediss://) or none (redis://).',
  sentinel:
    'No Sentinel names a master. Check the hosts of the Sentinels in REDIS_URL, their password (sentinel_password), and the name of the master (sentinel).',
  password:
    'Redis refuses the user or the password. Correct them in REDIS_URL, with special characters percent-encoded.',
  certificate:
    'The certificate of Redis cannot be verified. Add sslrootcert=/path/to/ca.pem to REDIS_URL, and use the host name that the certificate names.',
  cluster: 'Redis is a cluster. Add ?cluster=true to REDIS_URL.',
  not_cluster: 'Redis is not a cluster. Remove cluster=true from REDIS_URL.',
  cluster_down:
    'The Redis Cluster is down. Check with CLUSTER INFO that each slot has a master, and restart the missing ones.',
  permission:
    'The user of REDIS_URL lacks a permission. It needs all commands, the keys ~causerie:* and the channels &causerie:*.',
  replica:
    'REDIS_URL leads to a replica, which stores nothing. Set it to the primary, or to the Sentinels (?sentinel=NAME).',
  full: 'Redis is full and stores nothing. Free its memory, or raise maxmemory.',
  disk: 'Redis cannot save to its disk, so it refuses writes. Free its disk, or turn off saving (CONFIG SET save ""): Causerie needs none.',
  refused: 'Redis refuses a command. Its answer is in this line.',
} as const;

export type RedisFault = keyof typeof advice;

const consequence =
  'Until then, events of other nodes may be late, and each node counts rates alone.';

/** The time for which commands may fail without a reason before Redis counts as unreachable. */
const toleratedMs = 1500;

/** The purposes of Redis: to exchange hints, and to store connected users and rates. */
export type RedisUse = 'bus' | 'store';

/**
 * The faults of Redis as its connections report them. A fault is logged when it begins, with what
 * to do about it.
 */
export interface RedisFaults {
  /** Undefined while Redis works. */
  readonly current: RedisFault | undefined;
  failed(use: RedisUse, error: Error): void;
  works(use: RedisUse): void;
  /** Reports the errors of a connection. */
  watch(use: RedisUse, connection: RedisConnection): void;
}

export function createRedisFaults(log: Log, metrics: Metrics): RedisFaults {
  const faults = new Map<RedisUse, RedisFault>();
  /** When each use began to fail for no known reason. */
  const unansweredSince = new Map<RedisUse, number>();
  const isOn = (fault: RedisFault) => [...faults.values()].includes(fault);
  for (const fault of Object.keys(advice)) metrics.redisFault.set({ fault }, 0);

  function change(use: RedisUse, next: RedisFault | undefined): void {
    const last = faults.get(use);
    if (next === undefined) faults.delete(use);
    else faults.set(use, next);
    if (last !== undefined) metrics.redisFault.set({ fault: last }, isOn(last) ? 1 : 0);
    if (next !== undefined) metrics.redisFault.set({ fault: next }, 1);
  }

  function failed(use: RedisUse, error: Error): void {
    const fault = faultOf(error) ?? unansweredFor(use);
    if (fault === undefined) return;
    if (!isOn(fault)) log.warn({ fault, error: textOf(error) }, `${advice[fault]} ${consequence}`);
    change(use, fault);
  }

  /**
   * The fault of a use after an error that names no reason, such as a time-out. If the last error
   * named one, that is still the reason. A single failure is none.
   */
  function unansweredFor(use: RedisUse): RedisFault | undefined {
    const now = performance.now();
    const since = unansweredSince.get(use) ?? now;
    unansweredSince.set(use, since);
    return faults.get(use) ?? (now - since >= toleratedMs ? 'unreachable' : undefined);
  }

  return {
    get current() {
      return faults.get('store') ?? faults.get('bus');
    },
    failed,
    works(use) {
      unansweredSince.delete(use);
      if (!faults.has(use)) return;
      change(use, undefined);
      if (faults.size === 0) log.info('Redis works again');
    },
    watch(use, connection: EventEmitter) {
      connection.on('error', (error: Error) => failed(use, error));
    },
  };
}

/** The error that says why: of a transaction, and of the members of a cluster. */
function causeOf(error: Error): Error {
  const { previousErrors, lastNodeError } = error as {
    readonly previousErrors?: readonly Error[];
    readonly lastNodeError?: Error;
  };
  return previousErrors?.[0] ?? lastNodeError ?? error;
}

const textOf = (error: Error) => causeOf(error).message;

const replies: readonly (readonly [RegExp, RedisFault])[] = [
  [/WRONGPASS|NOAUTH|invalid password|without any password/, 'password'],
  [/^All sentinels are unreachable/, 'sentinel'],
  [/^(MOVED|ASK|CROSSSLOT) /, 'cluster'],
  [/^ERR This instance has cluster support disabled/, 'not_cluster'],
  [/^CLUSTERDOWN|^Too many Cluster redirections/, 'cluster_down'],
  [/^NOPERM/, 'permission'],
  [/^READONLY/, 'replica'],
  [/^OOM/, 'full'],
  [/^MISCONF/, 'disk'],
];

/** OpenSSL's and Node's codes for a certificate that cannot be verified. */
const certificateCode = /CERT|SIGNATURE|^ERR_TLS_/;

/** Undefined for errors that name no reason. */
function faultOf(error: Error): RedisFault | undefined {
  const cause = causeOf(error);
  const reply = replies.find(([pattern]) => pattern.test(cause.message));
  if (reply) return reply[1];
  if (isReply(error)) return 'refused';
  const { code, syscall } = cause as NodeJS.ErrnoException;
  if (code !== undefined && certificateCode.test(code)) return 'certificate';
  return syscall === undefined ? undefined : 'unreachable';
}

/** Whether Redis answered. */
export const isReply = (error: Error): boolean => causeOf(error).name === 'ReplyError';
