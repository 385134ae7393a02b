import type { MessageKind } from '../../db/generated/enums.ts';
import { forbidden, invalid, notFound, type Refusal } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { noSuchConversation } from '../conversations/access.ts';
import { conversationById } from '../conversations/conversations.ts';
import { resolveConversationId } from '../conversations/external-ids.ts';
import { kindOf } from '../conversations/kinds.ts';
import { resolveUserIds } from '../people/external-ids.ts';
import { livingUsers } from '../people/users.ts';
import { requireService, startServiceCall } from '../policy/service-calls.ts';

/** Where a message goes, and what only a service may say about it. */
export interface Authorship {
  readonly conversationId: string;
  readonly authorId?: string | null;
  readonly kind?: MessageKind | null;
}

/** Who writes a message to which conversation. The ids are those of this server. */
export interface Author {
  readonly conversationId: string;
  readonly authorId: string;
  readonly kind: MessageKind;
  /** The name of the service that writes for the author; null for a user. */
  readonly sentBy: string | null;
}

/**
 * The author of a message: the viewer, or the user or bot that a service names. FORBIDDEN for a
 * user who passes what only services may pass.
 */
export async function authorOf(scope: Scope, request: Authorship): Promise<Author> {
  if (scope.service) return authorOfService(scope, request);
  const viewer = requireViewer(scope);
  if (request.authorId != null || request.kind != null)
    throw forbidden(
      'Only backends can pass `authorId` and `kind`. Omit them, or use a service token with the scope `messages`.',
    );
  const conversationId = request.conversationId.toLowerCase();
  if (!isId(conversationId)) throw noSuchConversation();
  return { conversationId, authorId: viewer.id, kind: 'TEXT', sentBy: null };
}

async function authorOfService(scope: Scope, request: Authorship): Promise<Author> {
  requireService(scope, 'messages');
  const [authorId = ''] = await resolveUserIds(scope, [request.authorId ?? '']);
  const author = isId(authorId) ? await livingUsers.load(scope, authorId.toLowerCase()) : null;
  const service = await startServiceCall(scope, 'messages', {
    action: 'sendMessage',
    userId: author?.id,
    targets: [request.conversationId, request.authorId ?? ''].filter((id) => id !== ''),
  });
  if (request.authorId == null)
    throw invalid(
      'Pass `authorId`: the user or bot in whose name the message is sent.',
      'authorId',
    );
  if (!author) throw notFound('There is no user with this `authorId`. Check the id.');
  const conversationId = await resolveConversationId(scope, request.conversationId);
  if (!isId(conversationId)) throw noSuchConversation();
  return {
    conversationId,
    authorId: author.id,
    kind: request.kind ?? 'TEXT',
    sentBy: service.name,
  };
}

/** Why a message that a service sent was not accepted. */
export async function refusalOfService(scope: Scope, { conversationId }: Author): Promise<Refusal> {
  conversationById.clear(scope, conversationId);
  const conversation = await conversationById.load(scope, conversationId);
  if (!conversation) return noSuchConversation();
  if (conversation.archivedAt) return kindOf(scope.node, conversation).readOnly();
  return forbidden(
    'The author is not a member of this conversation. Add them with addMembers, or choose another author.',
  );
}
