import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import type { Scope } from '../../scope.ts';
import { userColumns, type UserRow } from './users.ts';

declare module '../../scope.ts' {
  interface Services {
    /** Adds new users to the default room, in the transaction that creates them. */
    readonly welcome: (
      scope: Scope,
      transaction: Transaction,
      record: RecordEvent,
      users: readonly UserRow[],
    ) => Promise<void>;
  }
}

/** Creates a user. Undefined if another user has the username or the identity. */
export function addUser(
  scope: Scope,
  user: Prisma.UserCreateManyInput,
): Promise<UserRow | undefined> {
  return transact(scope.node, async (transaction, record) => {
    const [added] = await transaction.user.createManyAndReturn({
      data: user,
      skipDuplicates: true,
      select: userColumns,
    });
    if (added) await scope.node.services.welcome(scope, transaction, record, [added]);
    return added;
  });
}
