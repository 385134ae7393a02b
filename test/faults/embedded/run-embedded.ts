import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { createFollower, type Follower } from '../actors/follower.ts';
import { comeIn } from '../actors/member.ts';
import { newRun } from '../actors/new-run.ts';
import { sendIfAllowed, startWriter } from '../actors/writer.ts';
import { createRoom } from '../cast.ts';
import { checkSettledFollower } from '../checker/followers.ts';
import type { Violation } from '../checker/history.ts';
import { checkAuthors, noteMemberships, type Memberships } from '../checker/membership.ts';
import { checkContinuation } from '../checker/numbers.ts';
import { checkAcknowledged, noteStored, type Stored } from '../checker/sends.ts';
import { keyedOf } from '../auditor.ts';
import { startNodeProcess } from '../cluster/node-process.ts';
import { createUsers } from '../cluster/users.ts';
import { freePort, temporaryDirectory } from '../../support/server-process.ts';
import { createRandom } from '../random.ts';
import { readDirectory } from './read-directory.ts';

export interface EmbeddedReport {
  readonly seed: number;
  readonly kills: number;
  readonly sends: number;
  readonly events: number;
  readonly repeatedSends: number;
  readonly indexes: number;
  readonly violations: readonly Violation[];
}

const writerCount = 6;
const shortestMs = 300;
const longestMs = 2500;

/**
 * Kills the embedded program under load, at moments that the seed determines, and starts it again
 * on its directory. Afterwards each acknowledged message is stored once, the followers have
 * received everything, and every index matches its table.
 */
export async function runEmbedded({
  seed,
  kills,
  progress = () => {},
}: {
  seed: number;
  kills: number;
  progress?: (line: string) => void;
}): Promise<EmbeddedReport> {
  const random = createRandom(seed);
  const violations: Violation[] = [];
  const secret = randomBytes(32).toString('hex');
  const directory = temporaryDirectory();
  const node = await startNodeProcess('the program', await freePort(), {
    DATA_DIR: directory,
    JWT_SECRET: secret,
    RATE_LIMITS: 'off',
  });
  const endpoint = {
    url: `${node.url}/graphql`,
    wsUrl: `${node.url.replace('http', 'ws')}/graphql`,
  };
  const run = newRun([endpoint], {
    violate: (rule, detail) => void violations.push({ rule, detail }),
  });
  try {
    const [owner, ...writers] = await createUsers({ url: endpoint.url, secret }, [
      'owner',
      ...Array.from({ length: writerCount }, (_, place) => `writer-${place + 1}`),
    ]);
    const room = await createRoom({ url: endpoint.url, secret }, owner!, 'quay', 'PUBLIC');
    for (const user of writers) await comeIn(run, user, room, random);
    const followers = [owner!, ...writers].map((user) =>
      createFollower(run, user, room.id, `${user.name} follows`, random.fork(user.name)),
    );
    for (const follower of followers) follower.begin();
    const actors = writers.map((user, place) =>
      startWriter(run, user, [room], random.fork(`${user.name} writes`), {
        transport: place % 2 === 0 ? 'HTTP' : 'socket',
        pauseMs: 5,
      }),
    );

    for (let kill = 1; kill <= kills; kill++) {
      const before = run.counts.sends;
      while (run.counts.sends < before + 5) await delay(10);
      await delay(random.between(shortestMs, longestMs));
      await node.kill();
      progress(`killed ${kill} times, ${run.counts.sends} sends`);
      await node.start();
    }
    await Promise.all(actors.map((actor) => actor.stop()));
    await sendIfAllowed(run, owner!, room, 'the-last', random);
    const hasTheLast = ({ observed }: Follower) =>
      observed.some((entry) => entry.type === 'event' && entry.what.includes(': the-last'));
    for (let waited = 0; waited < 20_000 && !followers.every(hasTheLast); waited += 50)
      await delay(50);
    for (const follower of followers) await follower[Symbol.asyncDispose]();
    await node.terminate();
    violations.push(...node.faults.map((detail) => ({ rule: 'node', detail })));

    const { log, indexes, disagreements } = await readDirectory(
      join(directory, 'postgres'),
      room.id,
    );
    const memberships: Memberships = new Map();
    const stored: Stored = new Map();
    noteMemberships(memberships, log);
    violations.push(
      ...disagreements,
      ...checkContinuation(undefined, log),
      ...checkAuthors(memberships, log),
      ...noteStored(stored, log.filter(({ author }) => author).map(keyedOf), (key) =>
        run.attempted.has(key),
      ),
      ...checkAcknowledged(stored, run.acknowledged),
      ...followers.flatMap(({ name, observed }) =>
        checkSettledFollower(log, observed).map(({ rule, detail }) => ({
          rule,
          detail: `${name}: ${detail}`,
        })),
      ),
    );
    const { sends, events, repeatedSends } = run.counts;
    return { seed, kills, sends, events, repeatedSends, indexes, violations };
  } finally {
    await node[Symbol.asyncDispose]();
  }
}
