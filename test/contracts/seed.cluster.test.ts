import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { startNode } from '../support/start-node.ts';

const weekMs = 7 * 24 * 3_600_000;

async function seed(directory: string): Promise<{ code: number; output: string }> {
  const child = spawn('npx', ['tsx', 'scripts/seed.ts'], {
    env: {
      ...process.env,
      DATA_DIR: directory,
      DATABASE_URL: '',
      REDIS_URL: '',
      ADMIN_USERNAMES: 'grace',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk) => (output += chunk));
  const [code] = await once(child, 'close');
  return { code, output };
}

describe('npm run seed', () => {
  it('fills a new database with a week of dated messages, and does not change a seeded one', async () => {
    const directory = temporaryDirectory();
    const first = await seed(directory);
    expect(first).toMatchObject({
      code: 0,
      output: expect.stringMatching(/20 users, \d+ rooms and \d+ messages/),
    });
    expect(await seed(directory)).toMatchObject({
      code: 1,
      output: expect.stringContaining('Seed a new database instead'),
    });

    await using node = await startNode({ settings: { DATA_DIR: directory } });
    await using guest = await person(node, 'visitor');
    const [, password] = /password (\S+)\./.exec(first.output)!;
    const { signIn } = await guest.query(
      'mutation ($password: String!) { signIn(input: { username: "ada", password: $password }) { session { user { displayName } } } }',
      { password },
    );
    expect(signIn.session.user.displayName).toBe('Ada Okafor');
    const { rooms } = await guest.query(
      '{ rooms(first: 20) { edges { node { name memberCount messages(first: 100) { edges { node { seq createdAt body } } } } } } }',
    );
    const talk = rooms.edges
      .map((edge: any) => edge.node)
      .filter(({ name }: { name: string }) => name !== 'lobby');
    expect(talk.map(({ name }: { name: string }) => name)).not.toContain('Leads');
    for (const room of talk) {
      const times = room.messages.edges.map(({ node: { createdAt } }: any) =>
        Date.parse(createdAt),
      );
      expect(times.length).toBeGreaterThan(10);
      expect(times).toEqual(times.toSorted((one: number, other: number) => one - other));
      expect(times[0]).toBeGreaterThan(Date.now() - 1.2 * weekMs);
      expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
    }
  }, 120_000);
});
