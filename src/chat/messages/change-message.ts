import type { Transaction } from '../../db/database.ts';
import { conflict } from '../../errors.ts';
import type { EventType, ReactionChange } from '../../events/catalogue.ts';
import type { Facts } from '../../events/facts.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { joinFirst, muted } from '../conversations/access.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { kindOf, destinationOf } from '../conversations/kinds.ts';
import {
  lockEntrance,
  lockMembers,
  type Entrance,
  type LockedMember,
} from '../conversations/membership.ts';
import { messageColumns } from './message-fields.ts';
import { messageById, type MessageRow } from './message-row.ts';
import { noSuchMessage, type VisibleMessage } from './visible-message.ts';

/** A message that is locked until the transaction ends. */
export interface LockedMessage extends MessageRow {
  readonly fingerprint: string | null;
}

/** The rows that the permission depends on, locked until the transaction ends. */
export interface MessageChange {
  readonly transaction: Transaction;
  readonly viewer: Viewer;
  readonly conversation: Conversation;
  readonly entrance: Entrance;
  /** The viewer's membership; undefined for a viewer of a public room who has not joined it. */
  readonly member: LockedMember | undefined;
  readonly authorMember: LockedMember | undefined;
  readonly locked: LockedMessage;
  readonly recordEvent: RecordEvent;
  /** Records the event of the change. */
  record(
    type: Extract<EventType, 'MessageEdited' | 'MessageDeleted' | 'ReactionsChanged'>,
    facts: Facts,
    more?: { readonly reaction: ReactionChange },
  ): void;
}

/**
 * Changes a message that the viewer may see. It locks the rows that the permission depends on: the
 * entrance, the memberships of viewer and author, then the message. So of two concurrent changes,
 * the second sees the result of the first.
 */
export async function changeMessage(
  scope: Scope,
  { message, conversation }: VisibleMessage,
  work: (change: MessageChange) => Promise<MessageRow>,
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const changed = await transact(scope.node, async (transaction, recordEvent) => {
    const entrance = await lockEntrance(transaction, conversation.id);
    const members = await lockMembers(transaction, conversation.id, [viewer.id, message.authorId]);
    const member = members.get(viewer.id);
    if (!member && entrance.visibility !== 'PUBLIC') throw noSuchMessage();
    const [locked] = await lockMessages(transaction, [message.id]);
    const record: MessageChange['record'] = (type, facts, more) =>
      recordEvent(
        {
          type,
          data: { ...destinationOf(scope.node, conversation), messageId: message.id, ...more },
        },
        facts,
      );
    return work({
      transaction,
      viewer,
      conversation,
      entrance,
      member,
      authorMember: members.get(message.authorId),
      locked: locked!,
      recordEvent,
      record,
    });
  });
  messageById.prime(scope, changed.id, changed);
  return changed;
}

/** Locks messages, in the order of their ids, so that two transactions do not deadlock. */
export const lockMessages = (
  transaction: Transaction,
  ids: readonly string[],
): Promise<LockedMessage[]> =>
  transaction.$queryRawUnsafe<LockedMessage[]>(
    `select ${messageColumns}, fingerprint from messages where id = any($1::uuid[]) order by id for no key update`,
    ids,
  );

/** FORBIDDEN if the viewer cannot write in the conversation now. */
export function requireWriter(
  { node }: Scope,
  { conversation, member, entrance }: MessageChange,
): void {
  if (!member) throw joinFirst();
  if (member.mutedUntil && member.mutedUntil > new Date()) throw muted(member.mutedUntil);
  if (entrance.archivedAt) throw kindOf(node, conversation).readOnly();
}

export const deleted = () => conflict('This message was deleted, so it can no longer be changed.');
