import { describe, expect, it } from 'vitest';
import type { NewEvent } from '../../src/events/catalogue.ts';
import type { Event } from '../../src/events/event.ts';
import { memberKey, type Facts } from '../../src/events/facts.ts';
import type { FreshEntry } from '../../src/live/feed.ts';
import { mergeFacts } from '../../src/live/merged-facts.ts';
// For the kinds of facts.
import type {} from '../../src/schema.ts';

const place = { conversationId: 'quay' };
const about = { ...place, userId: 'ann' };

function happened(event: NewEvent, facts?: Facts): FreshEntry {
  const position = { topic: 'conversation:quay', seq: 1, tag: 1, follows: 0, occurredAt: 0 };
  return { event: { ...event, ...position } satisfies Event, ...(facts && { facts }) };
}

/** Facts with one row. Its columns do not matter here. */
const factOf = (kind: keyof Facts, id: string, version = 'former'): Facts =>
  ({ [kind]: { [id]: { id, version } } }) as Facts;

/** Each event that changes a row which earlier events show, and that row. */
const amendments: readonly (readonly [event: NewEvent, kind: keyof Facts, id: string])[] = [
  [{ type: 'MessageEdited', data: { ...place, messageId: 'm1' } }, 'message', 'm1'],
  [{ type: 'MessageDeleted', data: { ...place, messageId: 'm1' } }, 'message', 'm1'],
  [{ type: 'MessageDeleted', data: { ...place, messageId: 'm1' } }, 'reactions', 'm1'],
  [{ type: 'ReactionsChanged', data: { ...place, messageId: 'm1' } }, 'reactions', 'm1'],
  [
    { type: 'PinChanged', data: { ...place, messageId: 'm1', isPinned: true, userId: 'ann' } },
    'message',
    'm1',
  ],
  [{ type: 'MessagesExpired', data: { ...place, upToSeq: 9 } }, 'message', 'm1'],
  [{ type: 'MessagesRead', data: { ...about, upToSeq: 9 } }, 'member', memberKey('quay', 'ann')],
  [{ type: 'MemberUpdated', data: about }, 'member', memberKey('quay', 'ann')],
  [{ type: 'NotificationLevelChanged', data: about }, 'member', memberKey('quay', 'ann')],
  [{ type: 'RoomUpdated', data: place }, 'conversation', 'quay'],
  [{ type: 'SupportUpdated', data: place }, 'conversation', 'quay'],
  [{ type: 'DeskChanged', data: { userId: 'ann' } }, 'user', 'ann'],
  [{ type: 'NotificationsRead', data: { userId: 'ann', ids: ['n0', 'n1'] } }, 'notification', 'n1'],
];

const cases = amendments.map(([event, kind, id]) => ({
  name: `${event.type}, which changes a fact of the kind ${kind},`,
  event,
  kind,
  id,
}));

const sent = (facts: Facts) =>
  happened({ type: 'MessageSent', data: { ...place, messageId: 'm0' } }, facts);

describe('facts of events that are executed together', () => {
  it.each(cases)('$name without it drops the earlier fact', ({ event, kind, id }) => {
    const facts = mergeFacts([sent(factOf(kind, id)), happened(event)]);
    expect(facts[kind]?.[id]).toBeUndefined();
  });

  it.each(cases)('$name with it replaces the earlier fact', ({ event, kind, id }) => {
    const facts = mergeFacts([sent(factOf(kind, id)), happened(event, factOf(kind, id, 'latter'))]);
    expect(facts[kind]?.[id]).toEqual({ id, version: 'latter' });
  });

  it('keeps the facts of other rows, and those of later events', () => {
    const facts = mergeFacts([
      sent(factOf('conversation', 'pier')),
      happened({ type: 'SupportUpdated', data: place }),
      sent(factOf('conversation', 'quay', 'latter')),
    ]);
    expect(facts.conversation).toEqual({
      pier: { id: 'pier', version: 'former' },
      quay: { id: 'quay', version: 'latter' },
    });
  });

  it('does not change the facts that the events came with', () => {
    const [one, other] = [factOf('user', 'ann'), factOf('user', 'bob')];
    mergeFacts([
      sent(one),
      sent(other),
      happened({ type: 'DeskChanged', data: { userId: 'ann' } }),
    ]);
    expect([one, other]).toEqual([factOf('user', 'ann'), factOf('user', 'bob')]);
  });
});
