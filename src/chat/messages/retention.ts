import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { placeOf } from '../conversations/kinds.ts';
import { lockMessages } from './change-message.ts';
import { eraseMessages } from './erase.ts';

const conversationsAtOnce = 200;
const messagesAtOnce = 300;

/**
 * Of each conversation of the page whose oldest message is due, some of the oldest: always what follows what expired before, so that one
 * number says which are gone. Found row by row, whatever statistics there are.
 */
const dueText = `
  with page as materialized (
    select conversations.id, expired_seq, days from conversations join unnest($2::text[], $3::int[]) as kept (kind, days) on kept.kind = conversations.kind::text
    where conversations.id > $1::uuid order by conversations.id limit ${conversationsAtOnce}),
  due as materialized (
    select page.* from page cross join lateral (
      select created_at from messages where conversation_id = page.id and seq > expired_seq order by seq limit 1) as oldest
    where created_at < now() - days * interval '1 day'),
  doomed as materialized (
    select due.id as "conversationId", oldest.* from due cross join lateral (
      select id as "messageId", seq, bool_and(created_at < now() - days * interval '1 day') over (order by seq) as is_due
      from (
        select id, seq, created_at from messages where conversation_id = due.id and seq > expired_seq
        order by seq limit (select greatest(1, ${messagesAtOnce} / count(*)) from due)) as oldest) as oldest
    where is_due)
  select (select id from page order by id desc limit 1) as last,
    coalesce((select json_agg(doomed order by seq) from doomed), '[]') as doomed`;

interface Due {
  readonly last: string | null;
  readonly doomed: readonly {
    readonly conversationId: string;
    readonly messageId: string;
    readonly seq: number;
  }[];
}

export const firstConversation = '00000000-0000-0000-0000-000000000000';

/**
 * Takes a bite: looks at the conversations that follow `after`, and deletes at most about 300 messages that were kept as long as they are
 * kept. One event a conversation tells of them. Returns from where to go on; undefined at the end.
 */
export async function expireMessages(
  transaction: Transaction,
  record: RecordEvent,
  node: Node,
  after: string,
): Promise<string | undefined> {
  const kept = Object.entries(node.services.kinds)
    .map(([name, kind]) => ({ name, days: kind.retentionDays(node.config) }))
    .filter(({ days }) => days > 0);
  if (kept.length === 0) return undefined;
  const [bite] = await transaction.$queryRawUnsafe<[Due]>(
    dueText,
    after,
    kept.map(({ name }) => name),
    kept.map(({ days }) => days),
  );
  if (bite.doomed.length === 0) return bite.last ?? undefined;
  await eraseMessages(
    transaction,
    node.signingKey,
    await lockMessages(
      transaction,
      bite.doomed.map(({ messageId }) => messageId),
    ),
  );
  const upTo = new Map(bite.doomed.map(({ conversationId, seq }) => [conversationId, seq]));
  for (const [id, upToSeq] of [...upTo].toSorted()) {
    const conversation = await transaction.conversation.update({
      where: { id },
      data: { expiredSeq: upToSeq },
    });
    record({ type: 'MessagesExpired', data: { ...placeOf(node, conversation), upToSeq } });
  }
  return after;
}
