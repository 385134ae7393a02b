import { forbidden } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { viewerMembership } from '../conversations/conversations.ts';
import { kindOf } from '../conversations/kinds.ts';
import { changeMessage } from '../messages/change-message.ts';
import { erasedFacts, eraseMessages } from '../messages/erase.ts';
import type { MessageRow } from '../messages/message-row.ts';
import { forgetReactions } from '../messages/reactions.ts';
import { visibleMessage } from '../messages/visible-message.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { writeEntry } from './moderation-log.ts';
import { parseReason } from './reasons.ts';
import { requirePower, requireSuperior } from './standing.ts';

/**
 * Deletes a message. Authors can delete their own messages while they can see them. In rooms,
 * moderators can delete messages of users with a lower role; the moderation log records it. Does
 * nothing if the message is deleted already.
 */
export async function deleteMessage(
  scope: Scope,
  { messageId, reason }: { messageId: string; reason?: string | null },
): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  const { message, conversation } = visible;
  const isAuthor = message.authorId === viewer.id;
  if (!isAuthor) {
    if (!kindOf(scope.node, conversation).isModerated)
      throw forbidden('Only the author can delete this message.');
    requirePower(viewer, await viewerMembership.load(scope, conversation.id), 'MODERATOR');
  }
  const why = parseReason(reason);
  await spend(scope, 'delete');
  const author = (await users.load(scope, message.authorId))!;
  const changed = await changeMessage(
    scope,
    visible,
    async ({ transaction, member, authorMember, locked, recordEvent, record }) => {
      if (!isAuthor) {
        requirePower(viewer, member, 'MODERATOR');
        requireSuperior(viewer, member, author, authorMember);
      }
      const [erased] = await eraseMessages(scope.node, transaction, recordEvent, [locked]);
      if (!erased) return locked;
      if (!isAuthor)
        await writeEntry(transaction, {
          conversationId: conversation.id,
          moderatorId: viewer.id,
          userId: author.id,
          messageId: locked.id,
          action: 'delete_message',
          reason: why,
        });
      record('MessageDeleted', erasedFacts(erased));
      return erased;
    },
  );
  forgetReactions(scope, changed);
  return changed;
}
