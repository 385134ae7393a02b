import type { Event } from '../../events/event.ts';
import { conversationTopic, type Topic } from '../../events/topics.ts';
import { newTag } from '../../events/transactions.ts';
import type { Statement } from '../../db/statements.ts';
import type { Kinds } from '../conversations/kinds.ts';
import type { UserRow } from '../people/users.ts';
import { sentFields } from './message-fields.ts';
import type { NewMessage } from './new-message.ts';
import {
  answer,
  numbering,
  pacing,
  permission,
  repeats,
  sends,
  writing,
} from './send-statement-parts.ts';

/** A message to store, with the id that it gets if it is new. */
export interface IdentifiedMessage {
  readonly id: string;
  readonly message: NewMessage;
}

/** The answer to one send; the answers have the order of the sends. */
export interface SendOutcome {
  /**
   * `stored`: the message is stored, by this send or an earlier one. `conflict`: the key belongs to
   * another message. `closed`: the author has no open conversation with this id. `no-reply-target`:
   * the conversation has no such message to reply to. `no-attachment`: the author cannot attach
   * one of the files. `muted`, `slowed`: the author has to wait.
   */
  readonly outcome:
    | 'stored'
    | 'conflict'
    | 'closed'
    | 'no-reply-target'
    | 'no-attachment'
    | 'muted'
    | 'slowed';
  /** The end of the author's mute, in ms since 1970; null unless `muted`. */
  readonly mutedUntil: number | null;
  /** How long slow mode makes the author wait, in ms; null unless `slowed`. */
  readonly waitMs: number | null;
  /**
   * Null unless `stored`. Of a new message: the fields that the statement computed. Of a repeated
   * one: all fields as they are now. See `fromJson`.
   */
  readonly message: { readonly id?: string; readonly [name: string]: unknown } | null;
  /**
   * Of a repeated message that was edited, deleted or rewritten by the gate: identifies the first
   * body. The statement cannot compare it, so the caller still has to decide whether the send
   * repeats it.
   */
  readonly fingerprint: string | null;
  /** `createdAt` is in ms since 1970. */
  readonly author: (Omit<UserRow, 'createdAt'> & { readonly createdAt: number }) | null;
  /**
   * Whether the message may notify somebody, or reads notifications of its author: see
   * notifications/follow-ups.ts.
   */
  readonly isFollowedUp: boolean;
  /** The other topics of a new message's conversation; null for a conversation that has none. */
  readonly otherTopics: readonly Topic[] | null;
  /**
   * The events of a new message in all its topics, and of a support conversation that it reopened.
   * Of a repeated message: its event in the conversation's topic, null if the log has deleted it.
   */
  readonly events: readonly SentEvent[] | null;
}

export interface SentEvent extends Pick<Event, 'topic' | 'seq' | 'tag' | 'follows'> {
  readonly type: 'MessageSent' | 'SupportUpdated';
}

/**
 * Stores any number of sends to any number of conversations in one round trip. Each send has its
 * own outcome.
 *
 * The statement sees the database as it was at its start, except for the rows that it locks: it
 * reads those in their newest version. So every decision rests on a locked row. It locks the
 * authors' memberships first, so that a removal that commits earlier wins; then the conversations,
 * whose numbers have no gaps because the lock lasts until the commit; then the topics. It locks the
 * rows of each table in the order of their ids, as every other transaction does, so that no two
 * transactions deadlock.
 *
 * A send whose twin with the same key commits after the start is not seen. It violates the unique
 * index, and the caller retries.
 *
 * Two techniques keep every access on an index, whatever statistics the planner has (the embedded
 * database has none):
 * - "cross join lateral (select … limit 1)" looks up one row at a time.
 * - "insert … on conflict do update" changes rows that certainly exist, one at a time in the given
 *   order, in their newest version. The row to insert is never stored.
 */
export const createSendStatement = (kinds: Kinds): Statement => ({
  name: 'send-messages',
  text: [
    `with ${[sends, repeats, permission, pacing, numbering(kinds), writing].join(',\n')}`,
    answer,
  ].join('\n'),
});

/** The parameters of the statement. No two sends may have the same author, conversation and key. */
export const sendParameters = (sends: readonly IdentifiedMessage[]): [string, number] => [
  JSON.stringify(
    sends.map(({ id, message }, ordinal) => ({
      ordinal,
      topic: conversationTopic(message.conversationId),
      mentions: message.mentions.map((names) => names.join(' ')),
      ...columnsOf({ ...message, id }),
    })),
  ),
  newTag(),
];

function columnsOf(values: { readonly [name: string]: unknown }): Record<string, unknown> {
  return Object.fromEntries(sentFields.map(({ name, column }) => [column, values[name]]));
}
