import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { destinationOf } from '../conversations/kinds.ts';
import { lockMessages } from './change-message.ts';
import { eraseMessages } from './erase.ts';

const conversationsAtOnce = 200;
const messagesAtOnce = 300;

/**
 * Finds expired messages in a page of conversations. Each is the next after the last expired one,
 * so that one number describes all of them. The statement looks up row by row, so it uses indexes
 * whatever the statistics are. $1 is the last conversation of the page before, $2 and $3 are kinds
 * and the days for which they keep messages.
 */
const expiredText = `
  with page as materialized (
    select conversations.id, expired_seq, days from conversations join unnest($2::text[], $3::int[]) as retention (kind, days) on retention.kind = conversations.kind::text
    where conversations.id > $1::uuid order by conversations.id limit ${conversationsAtOnce}),
  due as materialized (
    select page.* from page cross join lateral (
      select created_at from messages where conversation_id = page.id and seq > expired_seq order by seq limit 1) as oldest
    where created_at < now() - days * interval '1 day'),
  expired as materialized (
    select due.id as "conversationId", oldest.* from due cross join lateral (
      select id as "messageId", seq, bool_and(created_at < now() - days * interval '1 day') over (order by seq) as is_due
      from (
        select id, seq, created_at from messages where conversation_id = due.id and seq > expired_seq
        order by seq limit (select greatest(1, ${messagesAtOnce} / count(*)) from due)) as oldest) as oldest
    where is_due)
  select (select id from page order by id desc limit 1) as last,
    coalesce((select json_agg(expired order by seq) from expired), '[]') as expired`;

interface ExpiredPage {
  readonly last: string | null;
  readonly expired: readonly {
    readonly conversationId: string;
    readonly messageId: string;
    readonly seq: number;
  }[];
}

export const firstConversation = '00000000-0000-0000-0000-000000000000';

/**
 * Deletes about 300 expired messages at most, in the conversations after `after`. Records one event
 * for each conversation. Returns the `after` for the next call; undefined at the end.
 */
export async function expireMessages(
  transaction: Transaction,
  record: RecordEvent,
  node: Node,
  after: string,
): Promise<string | undefined> {
  const retention = Object.entries(node.services.kinds)
    .map(([name, kind]) => ({ name, days: kind.retentionDays(node.config) }))
    .filter(({ days }) => days > 0);
  if (retention.length === 0) return undefined;
  const [page] = await transaction.$queryRawUnsafe<[ExpiredPage]>(
    expiredText,
    after,
    retention.map(({ name }) => name),
    retention.map(({ days }) => days),
  );
  if (page.expired.length === 0) return page.last ?? undefined;
  const upTo = new Map(page.expired.map(({ conversationId, seq }) => [conversationId, seq]));
  // Before messages and notifications, as in every transaction that locks these.
  await transaction.$executeRaw`
    select from conversations where id = any(${[...upTo.keys()]}::uuid[]) order by id for no key update`;
  await eraseMessages(
    node,
    transaction,
    record,
    await lockMessages(
      transaction,
      page.expired.map(({ messageId }) => messageId),
    ),
  );
  for (const [id, upToSeq] of [...upTo].toSorted()) {
    const conversation = await transaction.conversation.update({
      where: { id },
      data: { expiredSeq: upToSeq },
    });
    record({ type: 'MessagesExpired', data: { ...destinationOf(node, conversation), upToSeq } });
  }
  return after;
}
