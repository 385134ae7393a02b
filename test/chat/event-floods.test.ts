import { expect, it } from 'vitest';
import { muteMember } from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, inviteToRoom, joinRoom, leaveRoom, updateRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { follow, followLive } from '../support/send-and-follow.ts';

type Flood = (stage: Stage) => Promise<unknown>;

interface Stage {
  readonly node: TestNode;
  readonly flooder: Person;
  readonly roomId: string;
  readonly others: readonly Person[];
}

/**
 * Repeats an attempt for a member of the room; each that is not refused makes an event. Returns how
 * many were not refused.
 */
async function flood(count: number, attempt: (index: number) => Promise<unknown>): Promise<number> {
  let done = 0;
  for (let index = 0; index < count; index++)
    await attempt(index).then(
      () => done++,
      ({ code }) => expect(code).toBe('RATE_LIMITED'),
    );
  return done;
}

/** The ways in which a user makes events in a room without sending. */
const floods: { readonly [name: string]: Flood } = {
  'joining and leaving': ({ flooder, roomId }) =>
    flood(400, (index) => (index % 2 ? joinRoom : leaveRoom)(flooder, { roomId })),
  'changing the topic': ({ flooder, roomId }) =>
    flood(200, (index) => updateRoom(flooder, { roomId, topic: `${index}` })),
  'muting a member': ({ flooder, roomId, others }) =>
    flood(400, (index) =>
      muteMember(flooder, {
        roomId,
        userId: others[0]!.id,
        until: new Date(Date.now() + 3_600_000 + index).toISOString(),
      }),
    ),
  'inviting users': ({ flooder, roomId, others }) =>
    flood(200, async () => {
      await inviteToRoom(flooder, { roomId, userIds: others.map(({ id }) => id) });
    }),
};

it.each(Object.entries(floods))(
  '[P13] %s is refused long before others fall too far behind to resume',
  async (name, run) => {
    await using node = await startNode();
    const [owner, flooder, away, ...others] = (await Promise.all(
      ['owner', 'flooder', 'away', 'eve', 'fay'].map((username) => person(node, username)),
    )) as [Person, Person, Person, Person, Person];
    const { id: roomId } = await createRoom(name === 'joining and leaving' ? owner : flooder, {
      name: 'Quay',
    });
    for (const one of [flooder, away, others[0]!]) await joinRoom(one, { roomId });
    const received = await followLive(away, roomId);
    const after = received.events.at(-1).cursor;
    received.stop();
    const done = await run({ node, flooder, roomId, others });
    expect(done).toBeLessThanOrEqual(250);
    const resumed = follow(away, roomId, { after });
    const caughtUp = await resumed.find(({ __typename }) => __typename === 'CaughtUp');
    expect(caughtUp.replayed).toBeLessThanOrEqual(300);
    expect(resumed.events.map(({ __typename }) => __typename)).not.toContain('StreamReset');
    await away[Symbol.asyncDispose]();
  },
);

it('[P13] the guests of one address act together as often as a few users', async () => {
  await using node = await startNode({ settings: { TRUSTED_PROXIES: 'loopback' } });
  const owner = await person(node, 'owner');
  const { id: roomId } = await createRoom(owner, { name: 'Quay' });
  const asGuest = async (address: string, document: string, token?: string) => {
    const response = await fetch(node.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'x-forwarded-for': address,
        ...(token && { authorization: `Bearer ${token}` }),
      },
      body: JSON.stringify({ query: document }),
    });
    const { data, errors } = (await response.json()) as any;
    return { data, code: errors?.[0].extensions.code as string | undefined };
  };
  const guestOf = async (address: string): Promise<string> =>
    (
      await asGuest(
        address,
        'mutation { signInAsGuest(input: { displayName: "Gus" }) { session { accessToken } } }',
      )
    ).data.signInAsGuest.session.accessToken;
  const join = `mutation { joinRoom(input: { roomId: "${roomId}" }) { room { id } } }`;
  const leave = `mutation { leaveRoom(input: { roomId: "${roomId}" }) { room { id } } }`;
  let done = 0;
  for (let round = 0; round < 10; round++) {
    const token = await guestOf('192.0.2.1');
    const codes = [];
    for (let index = 0; index < 50; index++)
      codes.push((await asGuest('192.0.2.1', index % 2 ? leave : join, token)).code);
    done += codes.filter((code) => code === undefined).length;
  }
  expect(done).toBeGreaterThanOrEqual(300);
  expect(done).toBeLessThanOrEqual(400);
  // A guest elsewhere and a user at the same address are not affected.
  expect((await asGuest('192.0.2.2', join, await guestOf('192.0.2.2'))).code).toBeUndefined();
  const user = await person(node, 'ann');
  expect((await asGuest('192.0.2.1', join, user.token)).code).toBeUndefined();
});
