import type { Prisma } from '../../db/generated/client.ts';
import { transact, type Scope } from '../../scope.ts';
import { joinDefaultRoom } from '../rooms/default-room.ts';
import { userColumns, type UserRow } from './users.ts';

/** Stores a user, who joins the default room. Undefined when somebody else has the username or the identity. */
export function addUser(
  scope: Scope,
  user: Prisma.UserCreateManyInput,
): Promise<UserRow | undefined> {
  return transact(scope, async (transaction, record) => {
    const [added] = await transaction.user.createManyAndReturn({
      data: user,
      skipDuplicates: true,
      select: userColumns,
    });
    if (added) await joinDefaultRoom(scope, transaction, record, added);
    return added;
  });
}
