import { expect, it } from 'vitest';
import { bodiesIn, kindsIn, openHarbour, takeAll } from '../support/sdk.ts';
import { until } from '../support/until.ts';

it('edits, reacts to, finds and deletes messages, and delivers each change once across cut connections', async () => {
  await using harbour = await openHarbour();
  const { causerie, proxy, roomId } = harbour;
  const received = takeAll(causerie.roomMessages({ roomId }));
  await until('it follows', () => received.events.length === 1);
  const { message } = await causerie.sendMessage({ conversationId: roomId, body: 'helo harbour' });
  const { id: messageId } = message;
  expect(await causerie.editMessage({ messageId, body: 'hello harbour' })).toMatchObject({
    body: 'hello harbour',
    editedAt: expect.any(String),
  });
  expect(await causerie.editMessage({ messageId, metadata: { port: 'Brest' } })).toMatchObject({
    body: 'hello harbour',
    metadata: { port: 'Brest' },
  });
  proxy.cut();
  await until(
    'it is back',
    () => kindsIn(received).filter((kind) => kind === 'CaughtUp').length === 2,
  );
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
  await until('all events are received', () => kindsIn(received).includes('MessageDeleted'));
  expect(kindsIn(received).filter((kind) => kind !== 'CaughtUp')).toEqual([
    'MessageSent',
    'MessageEdited',
    'MessageEdited',
    'ReactionsChanged',
    'ReactionsChanged',
    'MessageDeleted',
  ]);
  expect(bodiesIn(received).at(-1)).toBeNull();
});
