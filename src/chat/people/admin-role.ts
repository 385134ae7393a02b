import type { Transaction } from '../../db/database.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { livingUsers } from './users.ts';

declare module '../../scope.ts' {
  interface Services {
    /** Ends what comes with the admin role, for users who have lost it, in the transaction that takes it. */
    readonly loseAdminRole: (
      transaction: Transaction,
      record: RecordEvent,
      userIds: readonly string[],
    ) => Promise<void>;
  }
}

/** Whether the viewer holds the admin role. An admin may have lost it since they signed in, so the database is asked. */
export async function isAdmin(scope: Scope): Promise<boolean> {
  const viewer = requireViewer(scope);
  return viewer.role === 'ADMIN' && (await livingUsers.load(scope, viewer.id))?.role === 'ADMIN';
}
