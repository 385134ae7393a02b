import { isAdmin } from '../people/admin-role.ts';
import { forbidden } from '../../errors.ts';
import type { Scope, ServiceScope } from '../../scope.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { checkExternalId, usersByExternalId } from '../people/external-ids.ts';
import { livingUsers, type UserRow } from '../people/users.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { findVisibleConversation } from '../conversations/access.ts';

/**
 * The user with this id in the application. Null if there is none. For admins and services. INVALID
 * for a text that cannot be an external id.
 */
export async function userByExternalId(scope: Scope, externalId: string): Promise<UserRow | null> {
  await startLookUp(scope, 'users', 'userByExternalId', externalId);
  const { database, config } = scope.node;
  const id = (await usersByExternalId(database.prisma, config, [externalId])).get(externalId);
  return id === undefined ? null : livingUsers.load(scope, id);
}

/**
 * The room with this id in the application. Null if there is none, or an admin may not see it. For
 * admins and services.
 */
export async function roomByExternalId(
  scope: Scope,
  externalId: string,
): Promise<Conversation | null> {
  await startLookUp(scope, 'rooms', 'roomByExternalId', externalId);
  const room = await scope.node.database.prisma.conversation.findUnique({
    where: { externalId },
    select: { id: true },
  });
  if (!room) return null;
  return scope.service
    ? conversationById.load(scope, room.id)
    : findVisibleConversation(scope, room.id);
}

async function startLookUp(
  scope: Scope,
  needed: ServiceScope,
  action: string,
  externalId: string,
): Promise<void> {
  if (scope.service) await startServiceCall(scope, needed, { action, targets: [externalId] });
  else if (!(await isAdmin(scope))) throw forbidden('Only admins and backends can do that.');
  checkExternalId(externalId);
}
