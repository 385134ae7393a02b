import type { Transaction } from '../../db/database.ts';
import { conflict, forbidden } from '../../errors.ts';
import type { EventType, NewEvent, ReactionChange } from '../../events/catalogue.ts';
import type { Facts } from '../../events/facts.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { joinFirst, muted } from '../conversations/access.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { kindOf, destinationOf } from '../conversations/kinds.ts';
import {
  lockEntrance,
  lockMembers,
  type Entrance,
  type LockedMember,
} from '../conversations/membership.ts';
import { silentPeer } from './hidden.ts';
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
  readonly conversation: Conversation;
  readonly entrance: Entrance;
  /**
   * The membership of the viewer, or of the author for whom a service acts. Undefined for an author
   * who is no longer a member, and for a viewer of a public room who has not joined it.
   */
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
  record(
    type: 'PinChanged',
    facts: Facts,
    more: { readonly isPinned: boolean; readonly userId: string },
  ): void;
}

/**
 * Changes a message that the viewer may see, or that a service changes for its author. It locks the
 * rows that the permission depends on: the entrance, the memberships of viewer and author, then the
 * message. So of two concurrent changes, the second sees the result of the first.
 */
export async function changeMessage(
  scope: Scope,
  { message, conversation }: VisibleMessage,
  work: (change: MessageChange) => Promise<MessageRow>,
): Promise<MessageRow> {
  const actorId = scope.service ? message.authorId : requireViewer(scope).id;
  const silent = await silentPeer(scope, conversation);
  const changed = await transact(scope.node, async (transaction, recordEvent) => {
    const entrance = await lockEntrance(transaction, conversation.id);
    const members = await lockMembers(transaction, conversation.id, [actorId, message.authorId]);
    const member = members.get(actorId);
    if (!member && !scope.service && entrance.visibility !== 'PUBLIC') throw noSuchMessage();
    const [locked] = await lockMessages(transaction, [message.id]);
    const record: MessageChange['record'] = (type: string, facts: Facts, more?: object) => {
      // A deletion of a message that both saw reaches both [P17].
      const hiddenFrom = locked!.hiddenFromId ?? (type === 'MessageDeleted' ? undefined : silent);
      const data = {
        ...destinationOf(scope.node, conversation),
        messageId: message.id,
        ...more,
        ...(hiddenFrom && { hiddenFrom }),
      };
      recordEvent({ type, data } as NewEvent, facts);
    };
    return work({
      transaction,
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

/**
 * FORBIDDEN if the viewer, or the author for whom a service acts, cannot write in the conversation
 * now. A mute does not concern system messages.
 */
export function requireWritable(
  { node, service }: Scope,
  { conversation, member, entrance, locked }: MessageChange,
): void {
  if (!member) throw service ? authorLeft() : joinFirst();
  const isMuted = member.mutedUntil !== null && member.mutedUntil > new Date();
  if (isMuted && !(service && locked.kind === 'SYSTEM')) throw muted(member.mutedUntil!);
  if (entrance.archivedAt) throw kindOf(node, conversation).readOnly();
}

const authorLeft = () =>
  forbidden(
    'The author of this message is no longer a member of the conversation, so it cannot be edited. You can delete it.',
  );

export const deleted = () => conflict('This message was deleted, so it can no longer be changed.');
