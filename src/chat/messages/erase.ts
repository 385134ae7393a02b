import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import type { LockedMessage } from './change-message.ts';
import { fingerprintOf } from './fingerprint.ts';
import { erasingAssignments, messageColumns } from './message-fields.ts';
import type { MessageRow } from './message-row.ts';

declare module '../../scope.ts' {
  interface Services {
    /**
     * Marks notifications about these messages as read, in the transaction that has locked the
     * messages. Returns their ids by user.
     */
    readonly readNotificationsAbout: (
      transaction: Transaction,
      messages: readonly Pick<MessageRow, 'conversationId' | 'seq'>[],
    ) => Promise<{ userId: string; ids: string[] }[]>;
  }
}

/**
 * Deletes the content, the files and the reactions of locked messages, and marks notifications
 * about them as read [P17]. Each message keeps its number and author, and a fingerprint by which
 * repeats of its send are recognised. Skips messages that were deleted before. Returns the other
 * rows.
 */
export async function eraseMessages(
  { signingKey, services }: Pick<Node, 'signingKey' | 'services'>,
  transaction: Transaction,
  record: RecordEvent,
  locked: readonly LockedMessage[],
): Promise<MessageRow[]> {
  const present = locked.filter(({ deletedAt }) => !deletedAt);
  if (present.length === 0) return [];
  const ids = present.map(({ id }) => id);
  const fingerprints = present.map(
    ({ id, body, fingerprint }) => fingerprint ?? fingerprintOf(signingKey, id, body!),
  );
  for (const read of await services.readNotificationsAbout(transaction, present))
    record({ type: 'NotificationsRead', data: read });
  await transaction.reaction.deleteMany({ where: { messageId: { in: ids } } });
  // A trigger lets the files expire.
  await transaction.messageFile.deleteMany({ where: { messageId: { in: ids } } });
  return transaction.$queryRawUnsafe<MessageRow[]>(
    `update messages set ${erasingAssignments}, fingerprint = made.fingerprint
     from unnest($1::uuid[], $2::text[]) as made (message_id, fingerprint) where id = message_id
     returning ${messageColumns}`,
    ids,
    fingerprints,
  );
}

/** The rows that travel with the event of a deletion. */
export const erasedFacts = (message: MessageRow) => ({
  message: { [message.id]: message },
  reactions: { [message.id]: [] },
});
