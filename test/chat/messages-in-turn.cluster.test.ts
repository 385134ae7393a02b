import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  addReaction,
  deleteMessage,
  editMessage,
  followMessages,
  messagesNow,
  pageAfter,
  removeReaction,
} from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { describeWithServers } from '../support/servers.ts';
import { startCluster, startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { createRandom } from '../faults/random.ts';

const emoji = ['👍', '🎉', '❤️'];

describeWithServers('[P1] a page and the events after it, clustered', () => {
  let nodes: Awaited<ReturnType<typeof startCluster>>;
  beforeAll(async () => void (nodes = await startCluster(2, { settings: { RATE_LIMITS: 'off' } })));
  afterAll(() => nodes[Symbol.asyncDispose]());

  it.each([1, 2, 3])(
    'equals the later page, under random concurrent changes on two nodes (%i)',
    (seed) => history(nodes, seed),
  );
});

it('[P1] a page with the events after it equals the later page, embedded', async () => {
  await using node = await startNode({ isEmbedded: true, settings: { RATE_LIMITS: 'off' } });
  await history([node], 4, 20);
});

/**
 * Three users send, reply, edit, delete and react at once. A user who returns later receives the
 * rest.
 */
async function history(nodes: readonly TestNode[], seed: number, deeds = 40): Promise<void> {
  const random = createRandom(seed);
  const people = (await Promise.all(
    ['ann', 'bob', 'cat'].map((name, place) =>
      person(nodes[place % nodes.length]!, `${name}${seed}`),
    ),
  )) as [Person, Person, Person];
  const [ann] = people;
  const { id: roomId } = await createRoom(ann, { name: `history ${seed}` });
  for (const someone of people.slice(1)) await joinRoom(someone, { roomId });
  const ids = (await Promise.all(people.map((someone) => send(someone, roomId, 'first')))).map(
    ({ id }) => id,
  );
  const streams = people.map((someone) => followMessages(someone, roomId));
  for (const received of streams)
    await received.find(({ __typename }) => __typename === 'CaughtUp');
  const pages = await Promise.all(people.map((someone) => messagesNow(someone, roomId)));

  async function act(someone: Person): Promise<void> {
    const messageId = random.pick(ids);
    const chance = random.next();
    if (chance < 0.2)
      ids.push(
        (
          await send(
            someone,
            roomId,
            `@${random.pick(people).username} ${chance}`,
            random.chance(0.5) ? { replyToId: messageId } : {},
          )
        ).id,
      );
    else if (chance < 0.45)
      await editMessage(someone, {
        messageId,
        body: `edited @${random.pick(people).username} ${random.pick(['one', 'two'])}`,
      });
    else if (chance < 0.52) await deleteMessage(someone, { messageId });
    else if (chance < 0.8) await addReaction(someone, { messageId, emoji: random.pick(emoji) });
    else await removeReaction(someone, { messageId, emoji: random.pick(emoji) });
  }
  await Promise.all(
    people.map(async (someone) => {
      for (let nth = 0; nth < deeds; nth++)
        await act(someone).catch(({ code }) => expect(['FORBIDDEN', 'CONFLICT']).toContain(code));
    }),
  );
  await send(ann, roomId, 'the end');
  for (const [place, someone] of people.entries()) {
    await streams[place]!.find(({ message }) => message?.body === 'the end');
    expect(pageAfter(pages[place]!, streams[place]!)).toEqual(await messagesNow(someone, roomId));
    const resumed = followMessages(someone.at(nodes[(place + 1) % nodes.length]!), roomId, {
      after: streams[place]!.events[20].cursor,
    });
    await resumed.find(({ message }) => message?.body === 'the end');
    expect(
      pageAfter(pages[place]!, resumed).filter(({ id }) =>
        resumed.events.some(({ message }) => message?.id === id),
      ),
    ).toEqual(
      (await messagesNow(someone, roomId)).filter(({ id }) =>
        resumed.events.some(({ message }) => message?.id === id),
      ),
    );
    for (const received of [streams[place]!, resumed]) received.stop();
    await someone[Symbol.asyncDispose]();
  }
}
