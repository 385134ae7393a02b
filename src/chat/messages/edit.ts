import type { Transaction } from '../../db/database.ts';
import { forbidden } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { requireMember } from '../conversations/access.ts';
import { spend } from '../policy/allowances.ts';
import { readBody } from './body.ts';
import { changeMessage, deleted, requireWriter } from './change-message.ts';
import { fingerprintOf } from './fingerprint.ts';
import { findMentions } from './mentions.ts';
import { messageColumns } from './message-fields.ts';
import type { MessageRow } from './message-row.ts';
import { visibleMessage } from './visible-message.ts';

/** Gives a message of the viewer another text, and reads its mentions anew. With the text that it has, nothing happens. CONFLICT for one that was deleted. */
export async function editMessage(
  scope: Scope,
  { messageId, body }: { messageId: string; body: string },
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requireMember(scope, visible.conversation.id);
  if (visible.message.authorId !== viewer.id) throw forbidden('Only its author edits a message.');
  const text = readBody(scope, body);
  await spend(scope, 'edit', viewer.id);
  return changeMessage(scope, visible, async (change) => {
    requireWriter(scope, change);
    const { transaction, held, tell } = change;
    if (held.deletedAt) throw deleted();
    if (held.body === text) return held;
    const fingerprint =
      held.fingerprint ?? fingerprintOf(scope.node.signingKey, held.id, held.body!);
    const [edited] = await transaction.$queryRawUnsafe<[MessageRow]>(
      `update messages set body = $2, mentioned_user_ids = $3::uuid[], fingerprint = $4, edited_at = clock_timestamp() where id = $1::uuid returning ${messageColumns}`,
      held.id,
      text,
      await mentionedIn(transaction, text),
      fingerprint,
    );
    tell('MessageEdited', { message: { [held.id]: edited } });
    return edited;
  });
}

async function mentionedIn(transaction: Transaction, text: string): Promise<string[]> {
  const names = findMentions(text);
  const found =
    names.length > 0
      ? await transaction.user.findMany({
          where: { username: { in: names } },
          select: { id: true, username: true },
        })
      : [];
  const ids = new Map(found.map(({ id, username }) => [username, id]));
  return names.flatMap((name) => ids.get(name) ?? []);
}
