import { describe, expect, it } from 'vitest';
import type { MessageRow } from '../../src/chat/messages/message-row.ts';
import { decodeFacts, encodeFacts, type Facts } from '../../src/events/facts.ts';

const message: MessageRow = {
  id: 'm1',
  conversationId: 'quay',
  seq: 3,
  authorId: 'ann',
  body: '2026-11-28T05:40:00.000Z',
  createdAt: new Date('2026-11-28T05:40:00.000Z'),
  replyToId: null,
  attachmentIds: [],
  mentionedUserIds: ['bob'],
  editedAt: new Date('2026-11-28T05:41:00.123Z'),
  deletedAt: null,
  pinnedAt: null,
  hiddenFromId: null,
  kind: 'TEXT',
  metadata: { at: '2026-11-28T00:00:00.000Z' },
  externalId: null,
  sentBy: null,
  importedAt: null,
};

const overTheWire = (facts: Facts): Facts =>
  decodeFacts(JSON.parse(JSON.stringify(encodeFacts(facts))));

describe('facts between nodes', () => {
  it('arrive as they were sent, dates included', () => {
    const facts: Facts = {
      message: { m1: message },
      reactions: { m1: [{ messageId: 'm1', emoji: '⚓', count: 2 }] },
    };
    expect(overTheWire(facts)).toEqual(facts);
  });

  it('keep a text that looks like a date a text', () => {
    expect(overTheWire({ message: { m1: message } }).message?.m1?.body).toBe(message.body);
  });

  it('leave out rows that do not exist', () => {
    expect(overTheWire({ user: { ann: null, bob: undefined } })).toEqual({ user: {} });
  });
});
