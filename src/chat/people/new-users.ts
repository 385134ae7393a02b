import type { Prisma } from '../../db/generated/client.ts';
import { transact, type Scope } from '../../scope.ts';
import { joinDefaultRoom } from '../rooms/default-room.ts';
import { isAdminName } from './admins.ts';
import { userColumns, type UserRow } from './users.ts';

/** Stores a user, who joins the default room. Undefined when somebody else has the username or the subject. */
export function addUser(
  scope: Scope,
  user: Omit<Prisma.UserCreateManyInput, 'role'>,
): Promise<UserRow | undefined> {
  const isAdmin = !user.isGuest && isAdminName(scope.node.config, user.username);
  return transact(scope, async (transaction, record) => {
    const [added] = await transaction.user.createManyAndReturn({
      data: { ...user, role: isAdmin ? 'ADMIN' : 'USER' },
      skipDuplicates: true,
      select: userColumns,
    });
    if (added) await joinDefaultRoom(scope, transaction, record, added);
    return added;
  });
}
