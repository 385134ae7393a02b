import { forbidden, invalid } from '../../errors.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { viewerMembership } from '../conversations/conversations.ts';
import { kindOf } from '../conversations/kinds.ts';
import { changeMessage } from '../messages/change-message.ts';
import { erasedFacts, eraseMessages } from '../messages/erase.ts';
import type { MessageRow } from '../messages/message-row.ts';
import { forgetReactions } from '../messages/reactions.ts';
import { startCallOnMessage } from '../messages/service-message.ts';
import { visibleMessage, type VisibleMessage } from '../messages/visible-message.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { writeEntry } from './moderation-log.ts';
import { parseReason } from './reasons.ts';
import { requirePower, requireSuperior } from './standing.ts';

/**
 * Deletes a message. Authors can delete their own messages while they can see them, and services
 * those of all authors. In rooms, moderators can delete messages of users with a lower role; the
 * moderation log records it. Does nothing if the message is deleted already.
 */
export async function deleteMessage(
  scope: Scope,
  { messageId, reason }: { messageId: string; reason?: string | null },
): Promise<MessageRow> {
  const visible = scope.service
    ? await startCallOnMessage(scope, 'deleteMessage', messageId)
    : await visibleMessage(scope, messageId);
  const { message, conversation } = visible;
  const moderator = await moderatorOf(scope, visible);
  const why = parseReason(reason);
  if (why !== null && scope.service)
    throw invalid(
      'Only moderators give a reason. Omit it: the audit log has the calls of backends.',
      'reason',
    );
  await spend(scope, 'delete');
  const author = (await users.load(scope, message.authorId))!;
  const changed = await changeMessage(
    scope,
    visible,
    async ({ transaction, member, authorMember, locked, recordEvent, record }) => {
      if (moderator) {
        requirePower(moderator, member, 'MODERATOR');
        requireSuperior(moderator, member, author, authorMember);
      }
      const [erased] = await eraseMessages(scope.node, transaction, recordEvent, [locked]);
      if (!erased) return locked;
      if (moderator)
        await writeEntry(transaction, {
          conversationId: conversation.id,
          moderatorId: moderator.id,
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

/** The viewer, if they delete as a moderator; undefined for the author and for services. */
async function moderatorOf(
  scope: Scope,
  { message, conversation }: VisibleMessage,
): Promise<Viewer | undefined> {
  if (scope.service) return undefined;
  const viewer = requireViewer(scope);
  if (message.authorId === viewer.id) return undefined;
  if (!kindOf(scope.node, conversation).isModerated)
    throw forbidden('Only the author can delete this message.');
  requirePower(viewer, await viewerMembership.load(scope, conversation.id), 'MODERATOR');
  return viewer;
}
