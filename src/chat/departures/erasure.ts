import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { placeOf } from '../conversations/kinds.ts';
import { lockMessages, type LockedMessage } from '../messages/change-message.ts';
import { erasedFacts, eraseMessages } from '../messages/erase.ts';
import { countsNow, reactionFacts } from '../messages/reactions.ts';

const messagesAtOnce = 100;
const reactionsAtOnce = 50;

type ErasingNode = Pick<Node, 'signingKey' | 'services'>;

/** How far somebody's messages have been gone through, in the order of the one index that has them by author. */
interface Progress {
  readonly userId: string;
  readonly conversationId: string;
  readonly key: string;
}

/**
 * Deletes what users wrote who went, and takes their reactions back, where that is to be: a bite a call. It knows how far it came, so that
 * somebody's messages are gone through once however many they are; who starts anew passes over those that are deleted.
 */
export function createEraser(node: ErasingNode) {
  let progress: Progress | undefined;

  /** False when there is nothing to do: of this user, or of anybody. Nobody is begun with before they are out of every conversation. */
  return async function eraseNext(
    transaction: Transaction,
    record: RecordEvent,
    userId?: string,
  ): Promise<boolean> {
    const gone = await transaction.user.findFirst({
      where: { id: userId, messagesGo: true, members: { none: {} } },
      orderBy: { id: 'asc' },
      select: { id: true },
    });
    if (!gone) return false;
    if (progress?.userId !== gone.id)
      progress = {
        userId: gone.id,
        conversationId: '00000000-0000-0000-0000-000000000000',
        key: '',
      };
    const page = await transaction.$queryRaw<{ id: string; conversationId: string; key: string }[]>`
      select id, conversation_id as "conversationId", idempotency_key as key from messages
      where author_id = ${gone.id}::uuid and (conversation_id, idempotency_key) > (${progress.conversationId}::uuid, ${progress.key})
      order by conversation_id, idempotency_key limit ${messagesAtOnce}`;
    const last = page.at(-1);
    if (last) {
      await erase(
        transaction,
        record,
        page.map(({ id }) => id),
      );
      progress = { userId: gone.id, conversationId: last.conversationId, key: last.key };
    } else if (!(await takeBack(node, transaction, record, gone.id))) {
      progress = undefined;
      await finish(transaction, gone.id);
    }
    return true;
  };

  /** Unless something is left of a bite that was not committed. */
  async function finish(transaction: Transaction, id: string): Promise<void> {
    const left = await transaction.message.findFirst({
      where: { authorId: id, deletedAt: null },
      select: { id: true },
    });
    if (!left) await transaction.user.update({ where: { id }, data: { messagesGo: false } });
  }

  async function erase(
    transaction: Transaction,
    record: RecordEvent,
    ids: readonly string[],
  ): Promise<void> {
    const erased = await eraseMessages(
      transaction,
      node.signingKey,
      await lockMessages(transaction, ids),
    );
    const placeOfMessage = await placesOf(node, transaction, erased);
    for (const message of erased.toSorted((one, other) => one.seq - other.seq))
      record(
        { type: 'MessageDeleted', data: { ...placeOfMessage(message), messageId: message.id } },
        erasedFacts(message),
      );
  }
}

/** Some of somebody's reactions. False when there are none. */
async function takeBack(
  node: ErasingNode,
  transaction: Transaction,
  record: RecordEvent,
  userId: string,
): Promise<boolean> {
  const given = await transaction.reaction.findMany({
    where: { userId },
    distinct: 'messageId',
    take: reactionsAtOnce,
    select: { messageId: true },
  });
  const held = await lockMessages(
    transaction,
    given.map(({ messageId }) => messageId),
  );
  const placeOfMessage = await placesOf(node, transaction, held);
  for (const message of held) {
    await transaction.reaction.deleteMany({ where: { userId, messageId: message.id } });
    record(
      { type: 'ReactionsChanged', data: { ...placeOfMessage(message), messageId: message.id } },
      reactionFacts(message, await countsNow(transaction, message.id)),
    );
  }
  return held.length > 0;
}

type InConversation = Pick<LockedMessage, 'conversationId'>;

async function placesOf(
  node: ErasingNode,
  transaction: Transaction,
  messages: readonly InConversation[],
) {
  const conversations = await transaction.conversation.findMany({
    where: { id: { in: messages.map(({ conversationId }) => conversationId) } },
  });
  const places = new Map(
    conversations.map((conversation) => [conversation.id, placeOf(node, conversation)]),
  );
  return ({ conversationId }: InConversation) => places.get(conversationId)!;
}
