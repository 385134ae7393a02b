import { describe, expect, it } from 'vitest';
import { password, person, query } from '../support/person.ts';
import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const rename = (username: string) =>
  [
    'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { username } } }',
    { input: { username } },
  ] as const;
const roleOf = async (node: TestNode, token: string) =>
  (await query(node.url, '{ viewer { username role } }', {}, token)).viewer;

describe('ADMIN_USERNAMES', () => {
  it('makes the first account with a listed name an admin, in any case of the name, and no other', async () => {
    await using node = await startNode({ settings: { ADMIN_USERNAMES: 'Boss, chief' } });
    const [boss, ann] = await Promise.all([person(node, 'bosS'), person(node, 'ann')]);
    expect(await roleOf(node, boss.token)).toEqual({ username: 'boss', role: 'ADMIN' });
    expect(await roleOf(node, ann.token)).toEqual({ username: 'ann', role: 'USER' });
    await expect(person(node, 'boss')).rejects.toMatchObject({ code: 'CONFLICT' });
  });

  it('[P12] allows no rename to or from a listed name', async () => {
    await using node = await startNode({ settings: { ADMIN_USERNAMES: 'boss,chief' } });
    const [boss, ann] = await Promise.all([person(node, 'boss'), person(node, 'ann')]);
    await expect(ann.query(...rename('Chief'))).rejects.toMatchObject({ code: 'CONFLICT' });
    await expect(boss.query(...rename('retired'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await expect(boss.query(...rename('chief'))).rejects.toMatchObject({ code: 'FORBIDDEN' });
    expect((await boss.query(...rename('BOSS'))).updateProfile.user.username).toBe('boss');
  });
});

describeWithPostgres('a start with other ADMIN_USERNAMES', () => {
  it('gives the role to listed users, and removes it from users that are no longer listed', async () => {
    const DATABASE_URL = await createDatabase();
    const start = (ADMIN_USERNAMES: string) =>
      startNode({ settings: { DATABASE_URL, ADMIN_USERNAMES } });
    {
      await using node = await start('first');
      await Promise.all([person(node, 'first'), person(node, 'second')]);
    }
    await using node = await start('Second');
    const roles = ['first', 'second'].map(async (username) => {
      const { signIn } = await query(
        node.url,
        'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
        { input: { username, password } },
      );
      return (await roleOf(node, signIn.session.accessToken)).role;
    });
    expect(await Promise.all(roles)).toEqual(['USER', 'ADMIN']);
  });
});
