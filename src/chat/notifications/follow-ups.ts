import { v7 as newId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import type { Node } from '../../scope.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { byKind, kindOf, type Kinds } from '../conversations/kinds.ts';
import type { Marker } from '../conversations/read-state.ts';
import { markReadUpTo } from './notifications.ts';
import { storeContents, transactNotifying, type About, type Content } from './write.ts';

const messagesAtOnce = 100;

interface Sent {
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly authorId: string;
  readonly kind: Conversation['kind'];
  /**
   * The users whom the message may notify, according to the kind of its conversation. Some may no
   * longer be members.
   */
  readonly recipientIds: readonly string[];
}

/** The notification of one message. */
interface Planned {
  readonly messageId: string;
  readonly content: Content;
  readonly userIds: readonly string[];
  readonly about: About;
}

/** The read markers of the members concerned. */
type Markers = ReadonlyMap<string, Marker>;

const keyOf = (conversationId: string, userId: string) => `${conversationId} ${userId}`;

/**
 * Processes the consequences of some messages, oldest first: it notifies the recipients, and marks
 * notifications as read that the authors have read, because sending counts as reading. Each
 * follow-up is stored with its message and deleted by the transaction that processes it. It is
 * therefore processed exactly once, by any node, even if the first node fails. Users who have
 * already read a message are not notified of it, and nobody is notified of a deleted one. Returns
 * whether there may be more to do.
 */
export const followUp = (node: Node): Promise<boolean> =>
  transactNotifying(node, async (transaction, record, notify) => {
    const messages = await take(transaction, node.services.kinds);
    if (messages.length === 0) return false;
    const markers = await lockMembers(transaction, messages);
    const planned = await lockPresent(
      transaction,
      messages.flatMap((message) => plan(node, message, markers)),
    );
    await storeContents(
      transaction,
      planned.map(({ content }) => content),
    );
    await storeNotifiedSeqs(transaction, planned);
    for (const read of await markReadUpTo(transaction, markersOfAuthors(messages, markers)))
      record({ type: 'NotificationsRead', data: read });
    for (const { content, userIds, about } of planned) notify(content, userIds, about);
    return messages.length === messagesAtOnce;
  });

/** Takes messages that no other node is processing. */
const take = (transaction: Transaction, kinds: Kinds): Promise<Sent[]> =>
  transaction.$queryRawUnsafe<Sent[]>(`
    with taken as materialized (
      delete from follow_ups where message_id = any(array(
        select message_id from follow_ups order by message_id limit ${messagesAtOnce} for update skip locked))
      returning message_id)
    select messages.id, conversation_id as "conversationId", seq, author_id as "authorId", conversations.kind,
      ${byKind(kinds, 'conversations.kind', ({ sql }) => sql.recipients)} as "recipientIds"
    from taken join messages on messages.id = message_id join conversations on conversations.id = conversation_id
    order by messages.id`);

/**
 * Locks the memberships of authors and recipients until the commit, without guests. The lock order
 * is that of sends.
 */
async function lockMembers(transaction: Transaction, messages: readonly Sent[]): Promise<Markers> {
  const pairs = messages.flatMap(({ conversationId, authorId, recipientIds }) =>
    [authorId, ...recipientIds].map((userId) => ({ conversationId, userId })),
  );
  const conversationIds = pairs.map(({ conversationId }) => conversationId);
  const userIds = pairs.map(({ userId }) => userId);
  const members = await transaction.$queryRaw<Marker[]>`
    select conversation_id as "conversationId", user_id as "userId", last_read_seq as "lastReadSeq" from members
    where (conversation_id, user_id) in (select * from unnest(${conversationIds}::uuid[], ${userIds}::uuid[]))
      and exists (select from users where id = user_id and not is_guest and deleted_at is null)
    order by conversation_id, user_id for no key update of members`;
  return new Map(members.map((marker) => [keyOf(marker.conversationId, marker.userId), marker]));
}

/** Plans the notification of a message. Empty if all recipients have left or have read it. */
function plan(node: Node, message: Sent, markers: Markers): Planned[] {
  const { id, conversationId, seq, authorId, kind, recipientIds } = message;
  const userIds = recipientIds.filter((userId) => {
    const marker = markers.get(keyOf(conversationId, userId));
    return userId !== authorId && marker !== undefined && marker.lastReadSeq < seq;
  });
  if (userIds.length === 0) return [];
  const content: Content = {
    id: newId(),
    type: kindOf(node, { kind }).notifies.type,
    title: null,
    message: null,
    data: { conversationId, messageId: id, seq, authorId },
  };
  return [{ messageId: id, content, userIds, about: { conversationId, messageSeq: seq } }];
}

/**
 * Locks the messages to notify of until the commit, so that a deletion waits and then finds their
 * notifications. Returns the notifications of messages that are not deleted.
 */
async function lockPresent(
  transaction: Transaction,
  planned: readonly Planned[],
): Promise<Planned[]> {
  if (planned.length === 0) return [];
  const ids = planned.map(({ messageId }) => messageId);
  const locked = await transaction.$queryRaw<{ id: string }[]>`
    select id from messages where id = any(${ids}::uuid[]) and deleted_at is null order by id for share`;
  const present = new Set(locked.map(({ id }) => id));
  return planned.filter(({ messageId }) => present.has(messageId));
}

function markersOfAuthors(messages: readonly Sent[], markers: Markers): Marker[] {
  const keys = new Set(
    messages.map(({ conversationId, authorId }) => keyOf(conversationId, authorId)),
  );
  return [...keys].flatMap((key) => markers.get(key) ?? []);
}

/**
 * Stores the number of the newest message that notified each member. A send reads it to learn
 * whether its author has notifications to mark as read.
 */
async function storeNotifiedSeqs(
  transaction: Transaction,
  planned: readonly Planned[],
): Promise<void> {
  if (planned.length === 0) return;
  const notified = planned.flatMap(({ userIds, about }) =>
    userIds.map((userId) => ({ ...about, userId })),
  );
  const conversationIds = notified.map(({ conversationId }) => conversationId);
  const userIds = notified.map(({ userId }) => userId);
  const messageSeqs = notified.map(({ messageSeq }) => messageSeq);
  await transaction.$executeRaw`
    update members set notified_seq = seq from (
      select conversation_id, user_id, max(seq) as seq
      from unnest(${conversationIds}::uuid[], ${userIds}::uuid[], ${messageSeqs}::int[]) as notified (conversation_id, user_id, seq)
      group by conversation_id, user_id) as newest
    where members.conversation_id = newest.conversation_id and members.user_id = newest.user_id and notified_seq < seq`;
}
