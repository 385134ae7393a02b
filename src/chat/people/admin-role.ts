import { requireViewer, type Scope } from '../../scope.ts';
import { livingUsers } from './users.ts';

/** Whether the viewer holds the admin role. An admin may have lost it since they signed in, so the database is asked. */
export async function isAdmin(scope: Scope): Promise<boolean> {
  const viewer = requireViewer(scope);
  return viewer.role === 'ADMIN' && (await livingUsers.load(scope, viewer.id))?.role === 'ADMIN';
}
