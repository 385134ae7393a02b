import { v7 as newId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import type { Node } from '../../scope.ts';
import type { Conversation } from '../conversations/conversations.ts';
import { byKind, kindOf, type Kinds } from '../conversations/kinds.ts';
import type { Marker } from '../conversations/read-state.ts';
import { markReadUpTo } from './notifications.ts';
import { storeContents, transactNotifying } from './write.ts';

const atOnce = 100;

interface Sent {
  readonly id: string;
  readonly conversationId: string;
  readonly seq: number;
  readonly authorId: string;
  readonly kind: Conversation['kind'];
  /** Those it is meant for, as the kind of the conversation says; some may no longer be members. */
  readonly toIds: readonly string[];
}

/**
 * Does what follows from some messages, the oldest first: notifies those for whom they are meant, and makes read what their authors have read by
 * writing. What is to follow is stored with a message and taken away by the transaction that does it, so it is done once, by whichever
 * node, also when the one that stored it was killed. Who has read a message by then is not notified of it. Returns whether there may be more.
 */
export const followUp = (node: Node): Promise<boolean> =>
  transactNotifying(node, async (transaction, record, notify) => {
    const messages = await take(transaction, node.services.kinds);
    if (messages.length === 0) return false;
    const members = await holdMembers(transaction, messages);
    const markerOf = (conversationId: string, userId: string) =>
      members.get(`${conversationId} ${userId}`);
    const notifying = messages.flatMap((message) => {
      const { id, conversationId, seq, authorId, kind, toIds } = message;
      const userIds = toIds.filter(
        (userId) =>
          userId !== authorId && (markerOf(conversationId, userId)?.lastReadSeq ?? Infinity) < seq,
      );
      return userIds.length > 0
        ? [
            {
              content: {
                id: newId(),
                type: kindOf(node, { kind }).notifies.type,
                title: null,
                message: null,
                data: { conversationId, messageId: id, seq, authorId },
              },
              userIds,
              about: { conversationId, messageSeq: seq },
            },
          ]
        : [];
    });
    await storeContents(
      transaction,
      notifying.map(({ content }) => content),
    );
    await noteNotified(
      transaction,
      notifying.flatMap(({ userIds, about }) => userIds.map((userId) => ({ ...about, userId }))),
    );
    const authors = new Set(
      messages.map(({ conversationId, authorId }) => `${conversationId} ${authorId}`),
    );
    for (const read of await markReadUpTo(
      transaction,
      [...members].filter(([key]) => authors.has(key)).map(([, marker]) => marker),
    ))
      record({ type: 'NotificationsRead', data: read });
    for (const { content, userIds, about } of notifying) notify(content, userIds, about);
    return messages.length === atOnce;
  });

/** Takes some that no other node has in hand. */
const take = (transaction: Transaction, kinds: Kinds): Promise<Sent[]> =>
  transaction.$queryRawUnsafe<Sent[]>(`
    with taken as materialized (
      delete from follow_ups where message_id = any(array(select message_id from follow_ups order by message_id limit ${atOnce} for update skip locked)) returning message_id)
    select messages.id, conversation_id as "conversationId", seq, author_id as "authorId", kind,
      ${byKind(kinds, 'kind', ({ sql }) => sql.recipients)} as "toIds"
    from taken join messages on messages.id = message_id join conversations on conversations.id = conversation_id
    order by messages.id`);

/** How far those concerned have read, who are members and no guests; held to the commit, in the order in which those who send hold them. */
async function holdMembers(
  transaction: Transaction,
  messages: readonly Sent[],
): Promise<Map<string, Marker>> {
  const pairs = messages.flatMap(({ conversationId, authorId, toIds }) =>
    [authorId, ...toIds].map((userId) => ({ conversationId, userId })),
  );
  const held = await transaction.$queryRaw<Marker[]>`
    select conversation_id as "conversationId", user_id as "userId", last_read_seq as "lastReadSeq" from members
    where (conversation_id, user_id) in (select * from unnest(${pairs.map(({ conversationId }) => conversationId)}::uuid[], ${pairs.map(({ userId }) => userId)}::uuid[]))
      and exists (select from users where id = user_id and not is_guest and deleted_at is null)
    order by conversation_id, user_id for no key update of members`;
  return new Map(held.map((marker) => [`${marker.conversationId} ${marker.userId}`, marker]));
}

/** By this a send tells whether its author has notifications to read. */
async function noteNotified(
  transaction: Transaction,
  notified: readonly { conversationId: string; userId: string; messageSeq: number }[],
): Promise<void> {
  if (notified.length === 0) return;
  await transaction.$executeRaw`
    update members set notified_seq = seq from (
      select conversation_id, user_id, max(seq) as seq
      from unnest(${notified.map(({ conversationId }) => conversationId)}::uuid[], ${notified.map(({ userId }) => userId)}::uuid[], ${notified.map(({ messageSeq }) => messageSeq)}::int[])
        as notified (conversation_id, user_id, seq)
      group by conversation_id, user_id) as newest
    where members.conversation_id = newest.conversation_id and members.user_id = newest.user_id and notified_seq < seq`;
}
