import { fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Limits } from '../../src/limits.ts';
import { createRoom } from '../faults/cast.ts';
import { startNodeProcess, type NodeProcess } from '../faults/cluster/node-process.ts';
import { request } from '../faults/cluster/request.ts';
import { createUsers, type User } from '../faults/cluster/users.ts';
import { readMetrics } from '../faults/held.ts';
import { freePort } from '../support/server-process.ts';
import type { Errand, Sent } from './seen.ts';

/** A built node in a process of its own, whose users go on sending while it is attacked. */
export interface Site extends AsyncDisposable {
  readonly node: NodeProcess;
  /** The API over HTTP, and over a socket. */
  readonly url: string;
  readonly wsUrl: string;
  /** The room in which the bystanders write. */
  readonly roomId: string;
  /** Accounts for attackers. Each call takes others. */
  takeUsers(count: number): readonly User[];
  /** The sends of the bystanders that were answered since the last call, or wait. */
  takeSent(): Promise<readonly Sent[]>;
  residentBytes(): number;
  /** After a full collection of garbage. */
  heapBytes(): Promise<number>;
}

export interface SiteOptions {
  readonly databaseUrl: string;
  readonly settings?: Record<string, string>;
  /** Replaces limits of the node, to show that an attack is noticed without them. */
  readonly limits?: Partial<Limits>;
}

const joinDocument =
  'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id } } }';
const secret = 'a secret that only this run knows, 32+ characters';
const bystanders = 60;
const attackers = 60;
/** Each bystander stays below the rate of sends. */
const sendEveryMs = 40;
const answersWithinMs = 30_000;
/** The node has little memory, so that an attack which fills it ends it. */
const heapMiB = 384;

export async function openSite({ databaseUrl, settings, limits = {} }: SiteOptions): Promise<Site> {
  const node = await startNodeProcess(
    'the node',
    await freePort(),
    {
      DATABASE_URL: databaseUrl,
      JWT_SECRET: secret,
      TRUSTED_PROXIES: 'loopback',
      UNSENT_MAX_MB: '64',
      ...settings,
    },
    [
      `--max-old-space-size=${heapMiB}`,
      '--expose-gc',
      '--import',
      '/tmp/profile-preload.mjs',
      '--import',
      `data:text/javascript,${encodeURIComponent(preload(limits))}`,
    ],
  );
  const access = { url: `${node.url}/graphql`, secret };
  const users = await createUsers(
    access,
    Array.from({ length: bystanders + attackers }, (_, place) => `user-${place}`),
  );
  const writers = users.slice(0, bystanders);
  let free = users.slice(bystanders);
  const roomId = (await createRoom(access, writers[0]!, 'Quay', 'PUBLIC')).id;
  const tokens = await Promise.all(writers.map(async (user) => (await user.sign()).token));
  for (const token of tokens) await request(access.url, token, joinDocument, { input: { roomId } });
  const bystander = await startBystander({
    url: access.url,
    roomId,
    tokens,
    everyMs: sendEveryMs,
  });
  return {
    node,
    url: access.url,
    wsUrl: access.url.replace('http', 'ws'),
    roomId,
    takeUsers(count) {
      const taken = free.slice(0, count);
      free = [...free.slice(count), ...taken];
      return taken;
    },
    takeSent: bystander.take,
    residentBytes: () => residentBytesOf(node.pid),
    async heapBytes() {
      process.kill(node.pid, 'SIGWINCH');
      await delay(300);
      return (await readMetrics(node.url)).get('nodejs_heap_size_used_bytes') ?? 0;
    },
    async [Symbol.asyncDispose]() {
      bystander.stop();
      await node[Symbol.asyncDispose]();
    },
  };
}

/**
 * SIGWINCH, which nothing else uses, collects garbage. The limits are changed before the program
 * reads them.
 */
const preload = (limits: Partial<Limits>) => `
  import { defaultLimits } from ${JSON.stringify(new URL('../../dist/limits.js', import.meta.url))};
  Object.assign(defaultLimits, ${JSON.stringify(limits)});
  process.on('SIGWINCH', () => gc());
`;

/** 0 when the process has ended. */
function residentBytesOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

async function startBystander(errand: Errand) {
  const child = fork(fileURLToPath(new URL('bystander.ts', import.meta.url)), {
    execArgv: ['--import', 'tsx'],
  });
  await once(child, 'spawn');
  child.send(errand);
  return {
    async take(): Promise<readonly Sent[]> {
      const answer = once(child, 'message', { signal: AbortSignal.timeout(answersWithinMs) });
      child.send('take');
      return (await answer)[0];
    },
    stop: () => child.kill(),
  };
}
