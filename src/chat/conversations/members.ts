import { z } from 'zod';
import { createKeyset, type Key } from '../../db/keyset.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import type { Scope } from '../../scope.ts';
import { isId } from '../../ids.ts';
import { findVisibleConversation } from './access.ts';
import { memberOf, type Member } from './conversations.ts';

/**
 * The members of a conversation, in the order in which they joined. None if the viewer may not see
 * the conversation.
 */
export async function listMembers(scope: Scope, conversationId: string, page: PageArguments) {
  const isVisible = (await findVisibleConversation(scope, conversationId)) !== null;
  return readPage(scope, page, {
    isEmpty: !isVisible,
    keys: joinKey,
    keyOf: (member: Member): Key => [member.joinedAt.toISOString(), member.userId],
    read: ({ limit, inverted, ...bounds }) =>
      scope.node.database.prisma.member.findMany({
        where: { AND: [{ conversationId }, ...byJoining.between(bounds)] },
        orderBy: byJoining.orderBy(inverted),
        take: limit,
      }),
  });
}

/**
 * The membership with this id, `conversationId:userId`, in a conversation that the viewer may see.
 * Null for any other.
 */
export async function findMember(scope: Scope, id: string): Promise<Member | null> {
  const [conversationId, userId] = id.toLowerCase().split(':');
  if (!conversationId || !userId || !isId(userId)) return null;
  const conversation = await findVisibleConversation(scope, conversationId);
  return conversation && memberOf(scope, conversation.id, userId);
}

const byJoining = createKeyset('joinedAt', 'userId', 'asc');
const joinKey = z.tuple([z.iso.datetime(), z.guid()]);
