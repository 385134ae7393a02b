import type { Transaction } from '../../db/database.ts';
import { conflict } from '../../errors.ts';
import type { EventType, ReactionChange } from '../../events/catalogue.ts';
import type { Facts } from '../../events/facts.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { joinFirst, muted } from '../conversations/access.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { kindOf, placeOf } from '../conversations/kinds.ts';
import {
  holdEntrance,
  holdMembers,
  type Entrance,
  type HeldMember,
} from '../conversations/membership.ts';
import { messageById, messageColumnsText, type MessageRow } from './message-row.ts';
import { noSuchMessage, type VisibleMessage } from './visible-message.ts';

/** A message as it is now and will be until the transaction ends. */
export interface HeldMessage extends MessageRow {
  readonly fingerprint: string | null;
}

/** What holds until the transaction ends. */
export interface MessageChange {
  readonly transaction: Transaction;
  readonly viewer: Viewer;
  readonly conversation: Conversation;
  readonly entrance: Entrance;
  /** The viewer's membership; undefined for who looks at a public room. */
  readonly member: HeldMember | undefined;
  readonly authorMember: HeldMember | undefined;
  readonly held: HeldMessage;
  /** Says what was done to the message. */
  tell(
    type: Extract<EventType, 'MessageEdited' | 'MessageDeleted' | 'ReactionsChanged'>,
    facts: Facts,
    more?: { readonly reaction: ReactionChange },
  ): void;
}

/**
 * Changes something about a message that the viewer may see, with all held that the permission rests on: what comes into the conversation,
 * both memberships and then the message, so that of two changes at once the second finds what the first left.
 */
export async function changeMessage(
  scope: Scope,
  { message, conversation }: VisibleMessage,
  work: (change: MessageChange) => Promise<MessageRow>,
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const changed = await transact(scope.node, async (transaction, record) => {
    const entrance = await holdEntrance(transaction, conversation.id);
    const members = await holdMembers(transaction, conversation.id, [viewer.id, message.authorId]);
    const member = members.get(viewer.id);
    if (!member && entrance.visibility !== 'PUBLIC') throw noSuchMessage();
    const [held] = await holdMessages(transaction, [message.id]);
    const tell: MessageChange['tell'] = (type, facts, more) =>
      record(
        { type, data: { ...placeOf(scope.node, conversation), messageId: message.id, ...more } },
        facts,
      );
    return work({
      transaction,
      viewer,
      conversation,
      entrance,
      member,
      authorMember: members.get(message.authorId),
      held: held!,
      tell,
    });
  });
  messageById.prime(scope, changed.id, changed);
  return changed;
}

/** Those messages as they are now and will be until the transaction ends. Everybody holds several in one order. */
export const holdMessages = (
  transaction: Transaction,
  ids: readonly string[],
): Promise<HeldMessage[]> =>
  transaction.$queryRawUnsafe<HeldMessage[]>(
    `select ${messageColumnsText}, fingerprint from messages where id = any($1::uuid[]) order by id for no key update`,
    ids,
  );

/** FORBIDDEN for who cannot write in the conversation now. */
export function requireWriter(
  { node }: Scope,
  { conversation, member, entrance }: MessageChange,
): void {
  if (!member) throw joinFirst();
  if (member.mutedUntil && member.mutedUntil > new Date()) throw muted(member.mutedUntil);
  if (entrance.archivedAt) throw kindOf(node, conversation).readOnly();
}

export const deleted = () =>
  conflict('This message was deleted; nothing can be added to it or changed.');
