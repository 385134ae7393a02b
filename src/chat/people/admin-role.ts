import type { Transaction } from '../../db/database.ts';
import { forbidden } from '../../errors.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { livingUsers } from './users.ts';

declare module '../../scope.ts' {
  interface Services {
    /**
     * Removes the users from the support desk, in the transaction that takes the admin role from
     * them.
     */
    readonly loseAdminRole: (
      transaction: Transaction,
      record: RecordEvent,
      userIds: readonly string[],
    ) => Promise<void>;
  }
}

/**
 * Whether the viewer is an admin now. It asks the database, because the role may have changed since
 * the token was checked.
 */
export async function isAdmin(scope: Scope): Promise<boolean> {
  const viewer = requireViewer(scope);
  return viewer.role === 'ADMIN' && (await livingUsers.load(scope, viewer.id))?.role === 'ADMIN';
}

/** Returns the viewer. FORBIDDEN unless they are an admin now. */
export async function requireAdmin(scope: Scope): Promise<Viewer> {
  if (!(await isAdmin(scope))) throw forbidden('Only admins can do that.');
  return requireViewer(scope);
}
