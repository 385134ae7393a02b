import type { Scope } from '../../scope.ts';
import { externalIdIn, isExternalId } from '../people/external-ids.ts';

/**
 * The id that a service passed for a conversation, with the external id of a room replaced by that
 * of this server. An unknown one stays as it is, and is an unknown id.
 */
export async function resolveConversationId(scope: Scope, id: string): Promise<string> {
  const externalId = externalIdIn(scope, id);
  if (externalId === undefined || !isExternalId(externalId)) return id.toLowerCase();
  const room = await scope.node.database.prisma.conversation.findUnique({
    where: { externalId },
    select: { id: true },
  });
  return room?.id ?? id;
}
