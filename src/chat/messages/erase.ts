import type { Transaction } from '../../db/database.ts';
import type { HeldMessage } from './change-message.ts';
import { fingerprintOf } from './fingerprint.ts';
import { messageColumnsText, type MessageRow } from './message-row.ts';

/**
 * Deletes messages that are held: text, mentions and reactions. What is left keeps its place, its number and its author, and what repeats of
 * the send are known by. Those that were deleted before are left out; returns the others, as they are now.
 */
export async function eraseMessages(
  transaction: Transaction,
  signingKey: Uint8Array,
  held: readonly HeldMessage[],
): Promise<MessageRow[]> {
  const present = held.filter(({ deletedAt }) => !deletedAt);
  if (present.length === 0) return [];
  const ids = present.map(({ id }) => id);
  const fingerprints = present.map(
    ({ id, body, fingerprint }) => fingerprint ?? fingerprintOf(signingKey, id, body!),
  );
  await transaction.reaction.deleteMany({ where: { messageId: { in: ids } } });
  return transaction.$queryRawUnsafe<MessageRow[]>(
    `update messages set body = null, mentioned_user_ids = '{}', fingerprint = given.fingerprint, deleted_at = clock_timestamp()
     from unnest($1::uuid[], $2::text[]) as given (message_id, fingerprint) where id = message_id
     returning ${messageColumnsText}`,
    ids,
    fingerprints,
  );
}

/** What live hearers of a deletion are told with it. */
export const erasedFacts = (message: MessageRow) => ({
  message: { [message.id]: message },
  reactions: { [message.id]: [] },
});
