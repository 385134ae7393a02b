import { describe, expect, it } from 'vitest';
import { person } from '../support/person.ts';
import { runScript } from '../support/run-script.ts';
import { freshDatabase, startNode } from '../support/start-node.ts';

const weekMs = 7 * 24 * 3_600_000;

const seed = (settings: Record<string, string>) =>
  runScript('scripts/seed.ts', [], {
    DATABASE_URL: '',
    REDIS_URL: '',
    ...settings,
    ADMIN_USERNAMES: 'grace',
  });

describe('npm run seed', () => {
  it('fills a new database with a week of dated messages, and does not change a seeded one', async () => {
    const settings = {
      ...(await freshDatabase()),
      JWT_SECRET: 'known to this test only, 32+ characters',
    };
    const { stdout } = await seed(settings);
    expect(stdout).toMatch(/20 users, a bot, \d+ rooms and \d+ messages/);
    await expect(seed(settings)).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringContaining('Seed a new database instead'),
    });

    await using node = await startNode({ settings });
    await using guest = await person(node, 'visitor');
    const [, password] = /password (\S+)\./.exec(stdout)!;
    const { signIn } = await guest.query(
      'mutation ($password: String!) { signIn(input: { username: "ada", password: $password }) { session { user { displayName } } } }',
      { password },
    );
    expect(signIn.session.user.displayName).toBe('Ada Okafor');
    const { rooms } = await guest.query(
      '{ rooms(first: 20) { edges { node { name memberCount messages(first: 100) { edges { node { seq kind createdAt body author { username isBot } } } } } } } }',
    );
    const talk = rooms.edges
      .map((edge: any) => edge.node)
      .filter(({ name }: { name: string }) => name !== 'lobby');
    expect(talk.map(({ name }: { name: string }) => name)).not.toContain('Leads');
    const messages = talk.flatMap((room: any) =>
      room.messages.edges.map(({ node: message }: any) => message),
    );
    const byBot = messages.filter(({ author }: any) => author.isBot);
    expect(new Set(byBot.map(({ kind }: any) => kind))).toEqual(new Set(['TEXT', 'SYSTEM']));
    expect(new Set(byBot.map(({ author }: any) => author.username))).toEqual(new Set(['deploys']));
    for (const room of talk) {
      const times = room.messages.edges.map(({ node: { createdAt } }: any) =>
        Date.parse(createdAt),
      );
      expect(times.length).toBeGreaterThan(10);
      expect(times).toEqual(times.toSorted((one: number, other: number) => one - other));
      expect(times[0]).toBeGreaterThan(Date.now() - 1.2 * weekMs);
      expect(times.at(-1)).toBeLessThanOrEqual(Date.now());
    }
  }, 300_000);
});
