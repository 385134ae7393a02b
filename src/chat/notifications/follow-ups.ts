import { v7 as newId } from 'uuid';
import type { NotificationLevel } from '../../db/generated/enums.ts';
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
  readonly customerId: string | null;
  readonly hiddenFromId: string | null;
  /** The users whom it mentions, and the author of the message that it answers. */
  readonly addressedIds: readonly string[];
  /**
   * The users whom every message notifies: by the kind of the conversation, or because they chose
   * it. Some of both lists may not be members.
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

interface LockedMember extends Marker {
  /** Null if the member has not chosen, or the choice has ended. */
  readonly level: NotificationLevel | null;
}

/** The members concerned. */
type Members = ReadonlyMap<string, LockedMember>;

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
    const members = await lockMembers(transaction, messages);
    const silent = await silentPairs(transaction, messages);
    const planned = await lockPresent(
      transaction,
      messages.flatMap((message) => plan(node, message, members, silent)),
    );
    await storeContents(
      transaction,
      planned.map(({ content }) => content),
    );
    await storeNotifiedSeqs(transaction, planned);
    for (const read of await markReadUpTo(transaction, markersOfAuthors(messages, members)))
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
    select messages.id, conversation_id as "conversationId", seq, author_id as "authorId", conversations.kind, customer_id as "customerId", hidden_from_id as "hiddenFromId",
      array_remove(mentioned_user_ids || (select author_id from messages as target where target.id = messages.reply_to_id), null) as "addressedIds",
      coalesce(${byKind(kinds, 'conversations.kind', ({ sql }) => sql.recipients)}, '{}') || array(
        select user_id from members where conversation_id = conversations.id and notification_level = 'ALL') as "recipientIds"
    from taken join messages on messages.id = message_id join conversations on conversations.id = conversation_id
    order by messages.id`);

/**
 * Locks the memberships of authors and recipients until the commit, without guests. The lock order
 * is that of sends.
 */
async function lockMembers(transaction: Transaction, messages: readonly Sent[]): Promise<Members> {
  const pairs = messages.flatMap((message) =>
    [message.authorId, ...candidatesOf(message)].map((userId) => ({
      conversationId: message.conversationId,
      userId,
    })),
  );
  const conversationIds = pairs.map(({ conversationId }) => conversationId);
  const userIds = pairs.map(({ userId }) => userId);
  const members = await transaction.$queryRaw<LockedMember[]>`
    select conversation_id as "conversationId", user_id as "userId", last_read_seq as "lastReadSeq",
      case when notification_level_until is null or notification_level_until > now() then notification_level end as level
    from members
    where (conversation_id, user_id) in (select * from unnest(${conversationIds}::uuid[], ${userIds}::uuid[]))
      and exists (select from users where id = user_id and not is_guest and deleted_at is null)
    order by conversation_id, user_id for no key update of members`;
  return new Map(members.map((marker) => [keyOf(marker.conversationId, marker.userId), marker]));
}

const candidatesOf = ({ addressedIds, recipientIds }: Sent): readonly string[] => [
  ...new Set([...addressedIds, ...recipientIds]),
];

/**
 * Plans the notifications of a message: one for the users whom it addresses, one for others who
 * want every message. Empty if all have left, have read it or want no notification.
 */
function plan(node: Node, message: Sent, members: Members, silent: ReadonlySet<string>): Planned[] {
  const { id, conversationId, seq, authorId, hiddenFromId, addressedIds } = message;
  const kind = kindOf(node, message);
  const addressed = new Set(addressedIds);
  const byType = new Map<string, string[]>();
  for (const userId of candidatesOf(message)) {
    const member = members.get(keyOf(conversationId, userId));
    if (userId === authorId || member === undefined || member.lastReadSeq >= seq) continue;
    if (silent.has(keyOf(userId, authorId)) || hiddenFromId === userId) continue;
    const level = member.level ?? kind.defaultLevel(message, userId);
    if (level === 'NOTHING' || (level === 'MENTIONS' && !addressed.has(userId))) continue;
    const type =
      kind.notifies.of === 'every message' || addressed.has(userId)
        ? kind.notifies.type
        : 'message_received';
    byType.set(type, [...(byType.get(type) ?? []), userId]);
  }
  return [...byType].map(([type, userIds]) => ({
    messageId: id,
    content: {
      id: newId(),
      type,
      title: null,
      message: null,
      data: { conversationId, messageId: id, seq, authorId },
    },
    userIds,
    about: { conversationId, messageSeq: seq },
  }));
}

/** The pairs of a recipient and an author whom the recipient blocked [P19]. */
async function silentPairs(
  transaction: Transaction,
  messages: readonly Sent[],
): Promise<ReadonlySet<string>> {
  const pairs = messages.flatMap((message) =>
    candidatesOf(message).map((userId) => ({ userId, authorId: message.authorId })),
  );
  if (pairs.length === 0) return new Set();
  const userIds = pairs.map(({ userId }) => userId);
  const authorIds = pairs.map(({ authorId }) => authorId);
  const blocks = await transaction.$queryRaw<{ blockerId: string; blockedId: string }[]>`
    select blocker_id as "blockerId", blocked_id as "blockedId" from blocks
    where (blocker_id, blocked_id) in (select * from unnest(${userIds}::uuid[], ${authorIds}::uuid[]))`;
  return new Set(blocks.map(({ blockerId, blockedId }) => keyOf(blockerId, blockedId)));
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

function markersOfAuthors(messages: readonly Sent[], members: Members): Marker[] {
  const keys = new Set(
    messages.map(({ conversationId, authorId }) => keyOf(conversationId, authorId)),
  );
  return [...keys].flatMap((key) => members.get(key) ?? []);
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
