import type { Transaction } from '../../db/database.ts';
import { forbidden } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { requireMember } from '../conversations/access.ts';
import { spend } from '../policy/allowances.ts';
import { prepareBody } from './body.ts';
import { changeMessage, deleted, requireWriter } from './change-message.ts';
import { fingerprintOf } from './fingerprint.ts';
import { findMentions } from './mentions.ts';
import { hiddenFrom } from './hidden.ts';
import { messageColumns } from './message-fields.ts';
import { attachmentIdsOf, type MessageRow } from './message-row.ts';
import { tsvectorOf } from './search-query.ts';
import { visibleMessage } from './visible-message.ts';

/**
 * Replaces the body of the viewer's message, and its mentions. The same body changes nothing.
 * CONFLICT if the message is deleted.
 */
export async function editMessage(
  scope: Scope,
  { messageId, body }: { messageId: string; body: string },
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requireMember(scope, visible.conversation.id);
  if (visible.message.authorId !== viewer.id)
    throw forbidden('Only the author can edit a message.');
  const text = prepareBody(scope, body, {
    mayBeEmpty: attachmentIdsOf(visible.message).length > 0,
  });
  await spend(scope, 'edit');
  // An edit by a blocked user hides the whole message: its new text must not arrive.
  const hidden = await hiddenFrom(scope, visible.conversation.id);
  return changeMessage(scope, visible, async (change) => {
    requireWriter(scope, change);
    const { transaction, locked, record } = change;
    if (locked.deletedAt) throw deleted();
    if (locked.body === text) return locked;
    const fingerprint =
      locked.fingerprint ?? fingerprintOf(scope.node.signingKey, locked.id, locked.body!);
    const [edited] = await transaction.$queryRawUnsafe<[MessageRow]>(
      `update messages set body = $2, mentioned_user_ids = $3::uuid[], fingerprint = $4, words = $5::text::tsvector, hidden_from_id = coalesce(hidden_from_id, $6::uuid), edited_at = clock_timestamp() where id = $1::uuid returning ${messageColumns}`,
      locked.id,
      text,
      await mentionedIn(transaction, text),
      fingerprint,
      tsvectorOf(text),
      hidden,
    );
    record('MessageEdited', { message: { [locked.id]: edited } });
    return edited;
  });
}

async function mentionedIn(transaction: Transaction, text: string): Promise<string[]> {
  const mentions = findMentions(text);
  if (mentions.length === 0) return [];
  const found = await transaction.user.findMany({
    where: { username: { in: mentions.flat() } },
    select: { id: true, username: true },
  });
  const ids = new Map(found.map(({ id, username }) => [username, id]));
  const mentioned = mentions.flatMap((names) => {
    const name = names.find((name) => ids.has(name));
    return name === undefined ? [] : ids.get(name)!;
  });
  return [...new Set(mentioned)];
}
