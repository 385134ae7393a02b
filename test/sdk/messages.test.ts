import { expect, it } from 'vitest';
import { bodiesIn, kindsIn, openHarbour, takeAll } from '../support/sdk.ts';
import { until } from '../support/until.ts';

it('edits, reacts to, finds and deletes messages, and delivers each change once across cut connections', async () => {
  await using harbour = await openHarbour();
  const { causerie, proxy, roomId } = harbour;
  const told = takeAll(causerie.roomMessages({ roomId }));
  await until('it follows', () => told.events.length === 1);
  const { message } = await causerie.sendMessage({ conversationId: roomId, body: 'helo harbour' });
  const { id: messageId } = message;
  expect(await causerie.editMessage({ messageId, body: 'hello harbour' })).toMatchObject({
    body: 'hello harbour',
    editedAt: expect.any(String),
  });
  proxy.cut();
  await until('it is back', () => kindsIn(told).filter((kind) => kind === 'CaughtUp').length === 2);
  expect(await causerie.addReaction({ messageId, emoji: '👋' })).toMatchObject({
    reactions: [{ emoji: '👋', count: 1, viewerReacted: true }],
  });
  expect(
    (await causerie.searchMessages({ query: 'harbour' })).edges.map(({ node }) => node.id),
  ).toEqual([messageId]);
  expect(await causerie.removeReaction({ messageId, emoji: '👋' })).toMatchObject({
    reactions: [],
  });
  expect(await causerie.deleteMessage({ messageId })).toMatchObject({
    body: null,
    deletedAt: expect.any(String),
  });
  await until('all is heard', () => kindsIn(told).includes('MessageDeleted'));
  expect(kindsIn(told).filter((kind) => kind !== 'CaughtUp')).toEqual([
    'MessageSent',
    'MessageEdited',
    'ReactionsChanged',
    'ReactionsChanged',
    'MessageDeleted',
  ]);
  expect(bodiesIn(told).at(-1)).toBeNull();
});
