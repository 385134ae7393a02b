import type { Transaction } from '../../db/database.ts';
import { tsvectorOf } from './search-query.ts';

const messagesAtOnce = 500;

/**
 * Stores the words of messages that have none, because they were stored by an earlier version or
 * imported: the newest 500 that nobody is changing. Returns their number.
 */
export async function indexWords(transaction: Transaction): Promise<number> {
  const messages = await transaction.$queryRawUnsafe<{ id: string; body: string }[]>(
    `select id, body from messages where words is null and body is not null
     order by id desc limit ${messagesAtOnce} for no key update skip locked`,
  );
  if (messages.length > 0)
    await transaction.$executeRawUnsafe(
      `update messages set words = made.words::tsvector
       from unnest($1::uuid[], $2::text[]) as made (message_id, words) where id = message_id`,
      messages.map(({ id }) => id),
      messages.map(({ body }) => tsvectorOf(body.normalize('NFC'))),
    );
  return messages.length;
}
