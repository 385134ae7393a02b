import { describe, expect, it } from 'vitest';
import { bodiesFound, editMessage, removeReaction } from '../support/messages.ts';
import { person } from '../support/person.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { describeMessageChanges } from './message-changes.suite.ts';

it('[P12] edits, reactions and searches each have a rate limit for each user', async () => {
  await using node = await startNode();
  const [ann, bob] = [await person(node, 'ann'), await person(node, 'bob')];
  const { id: roomId } = await createRoom(ann, { name: 'busy' });
  await joinRoom(bob, { roomId });
  const { id: messageId } = await send(ann, roomId, 'one');
  const times = (count: number, work: () => Promise<unknown>) =>
    Promise.allSettled(Array.from({ length: count }, work)).then((all) =>
      all.flatMap((one) => (one.status === 'rejected' ? [one.reason] : [])),
    );
  for (const work of [
    () => bodiesFound(ann, 'one'),
    () => editMessage(ann, { messageId, body: 'one' }),
    () => removeReaction(ann, { messageId, emoji: '👍' }),
  ]) {
    const refusals = await times(80, work);
    expect(refusals.length).toBeGreaterThan(0);
    for (const refusal of refusals)
      expect(refusal).toMatchObject({
        code: 'RATE_LIMITED',
        extensions: { retryAfterMs: expect.any(Number) },
      });
  }
  expect(await bodiesFound(bob, 'one')).toEqual(['one']);
}, 120_000);

describe.skipIf(!postgresUrl)('messages after they were sent, PostgreSQL', () =>
  describeMessageChanges({ isEmbedded: false }),
);
