import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { destinationOf } from '../conversations/kinds.ts';
import { lockMessages, type LockedMessage } from '../messages/change-message.ts';
import { erasedFacts, eraseMessages } from '../messages/erase.ts';
import { countsNow, reactionFacts } from '../messages/reactions.ts';

const messagesAtOnce = 100;
const reactionsAtOnce = 50;

type ErasingNode = Pick<Node, 'signingKey' | 'services'>;

/** The position in a user's messages, in the order of the index by author. */
interface Progress {
  readonly userId: string;
  readonly conversationId: string;
  readonly key: string;
}

/**
 * Deletes messages and reactions of deleted accounts, if the settings say so: one batch per call.
 * It remembers its position, so that it reads each message of a user once. After a restart it reads
 * them again, but skips the deleted ones.
 */
export function createEraser(node: ErasingNode) {
  let progress: Progress | undefined;

  /**
   * False if there is nothing to do for this user, or for any user. It starts with a user only
   * after all their memberships have ended.
   */
  return async function eraseNext(
    transaction: Transaction,
    record: RecordEvent,
    userId?: string,
  ): Promise<boolean> {
    const [author] = await transaction.$queryRaw<{ id: string }[]>`
      select id from users
      where messages_go and not exists (select from members where user_id = users.id)
        and (id = ${userId ?? null}::uuid or ${userId === undefined})
      order by id limit 1`;
    if (!author) return false;
    if (progress?.userId !== author.id)
      progress = {
        userId: author.id,
        conversationId: '00000000-0000-0000-0000-000000000000',
        key: '',
      };
    const page = await transaction.$queryRaw<{ id: string; conversationId: string; key: string }[]>`
      select id, conversation_id as "conversationId", idempotency_key as key from messages
      where author_id = ${author.id}::uuid and (conversation_id, idempotency_key) > (${progress.conversationId}::uuid, ${progress.key})
      order by conversation_id, idempotency_key limit ${messagesAtOnce}`;
    const last = page.at(-1);
    if (last) {
      await erase(
        transaction,
        record,
        page.map(({ id }) => id),
      );
      progress = { userId: author.id, conversationId: last.conversationId, key: last.key };
    } else if (!(await deleteReactions(node, transaction, record, author.id))) {
      progress = undefined;
      await finish(transaction, author.id);
    }
    return true;
  };

  /** Does nothing if messages are left, because a batch was rolled back. */
  async function finish(transaction: Transaction, id: string): Promise<void> {
    const remaining = await transaction.message.findFirst({
      where: { authorId: id, deletedAt: null },
      select: { id: true },
    });
    if (!remaining)
      await transaction.user.update({ where: { id }, data: { deletesMessages: false } });
  }

  async function erase(
    transaction: Transaction,
    record: RecordEvent,
    ids: readonly string[],
  ): Promise<void> {
    const erased = await eraseMessages(
      node,
      transaction,
      record,
      await lockMessages(transaction, ids),
    );
    const destinationOfMessage = await destinationsOf(node, transaction, erased);
    for (const message of erased.toSorted((one, other) => one.seq - other.seq))
      record(
        {
          type: 'MessageDeleted',
          data: { ...destinationOfMessage(message), messageId: message.id },
        },
        erasedFacts(message),
      );
  }
}

/** Deletes one batch of a user's reactions. False if there are none. */
async function deleteReactions(
  node: ErasingNode,
  transaction: Transaction,
  record: RecordEvent,
  userId: string,
): Promise<boolean> {
  const reactions = await transaction.reaction.findMany({
    where: { userId },
    distinct: 'messageId',
    take: reactionsAtOnce,
    select: { messageId: true },
  });
  const locked = await lockMessages(
    transaction,
    reactions.map(({ messageId }) => messageId),
  );
  const destinationOfMessage = await destinationsOf(node, transaction, locked);
  for (const message of locked) {
    await transaction.reaction.deleteMany({ where: { userId, messageId: message.id } });
    record(
      {
        type: 'ReactionsChanged',
        data: { ...destinationOfMessage(message), messageId: message.id },
      },
      reactionFacts(message, await countsNow(transaction, message.id)),
    );
  }
  return locked.length > 0;
}

type InConversation = Pick<LockedMessage, 'conversationId'>;

async function destinationsOf(
  node: ErasingNode,
  transaction: Transaction,
  messages: readonly InConversation[],
) {
  const conversations = await transaction.conversation.findMany({
    where: { id: { in: messages.map(({ conversationId }) => conversationId) } },
  });
  const destinations = new Map(
    conversations.map((conversation) => [conversation.id, destinationOf(node, conversation)]),
  );
  return ({ conversationId }: InConversation) => destinations.get(conversationId)!;
}
