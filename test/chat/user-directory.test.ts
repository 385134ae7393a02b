import { expect, it } from 'vitest';
import { person, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, inviteToRoom, joinRoom } from '../support/rooms.ts';
import { startNode } from '../support/start-node.ts';

const names = ['ann', 'bob', 'cat', 'dan', 'eve', 'root'] as const;

/**
 * Ann shares a public room with bob, a private one with cat, a direct conversation with dan, and
 * nothing but the default room with eve.
 */
async function meet(directory: string) {
  const node = await startNode({
    settings: { RATE_LIMITS: 'off', USER_DIRECTORY: directory, ADMIN_USERNAMES: 'root' },
  });
  const people = Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await person(node, name)] as const)),
  ) as Record<(typeof names)[number], Person>;
  const { ann, bob, cat, dan } = people;
  const { id: open } = await createRoom(bob, { name: 'Quay' });
  await joinRoom(ann, { roomId: open });
  // A private room can have the name of the default room.
  const { id: closed } = await createRoom(cat, { name: 'lobby', visibility: 'PRIVATE' });
  await inviteToRoom(cat, { roomId: closed, userIds: [ann.id] });
  await sendPrivate(dan, ann, 'x');
  return { node, ...people };
}

const list = async (viewer: Person, search?: string): Promise<string[]> =>
  (
    await viewer.query(
      'query ($search: String) { users(search: $search) { edges { node { username } } } }',
      { search },
    )
  ).users.edges.map((edge: any) => edge.node.username);

it.each([
  ['everyone', [...names], ['eve']],
  ['contacts', ['ann', 'bob', 'cat', 'dan'], []],
  ['off', [], []],
])('[P11] USER_DIRECTORY=%s lists whom it names', async (directory, listed, prefixed) => {
  const { node, ann, root } = await meet(directory);
  expect(await list(ann)).toEqual(listed);
  expect(await list(ann, 'ev')).toEqual(prefixed);
  expect(await list(ann, 'EVE')).toEqual(['eve']);
  expect((await ann.query('{ user(username: "eve") { username } }')).user.username).toBe('eve');
  expect(await list(root)).toEqual([...names]);
  await node[Symbol.asyncDispose]();
});

it('[P13] exact usernames can be tried only so often where the directory is not open', async () => {
  await using node = await startNode({ settings: { USER_DIRECTORY: 'off' } });
  const ann = await person(node, 'ann');
  const outcomes = await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      ann.query(`{ user(username: "name${index}") { id } }`).then(
        () => 'found',
        ({ code }) => code,
      ),
    ),
  );
  expect(outcomes).toContain('RATE_LIMITED');
});
