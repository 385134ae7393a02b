import { forbidden } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { isAdminName } from '../people/admins.ts';
import { checkCurrentPassword } from '../people/change-password.ts';
import { spend } from '../policy/allowances.ts';
import { deletesMessages } from './departures.ts';
import { removeAccount } from './remove-account.ts';

/**
 * Deletes the viewer's account: first the name, the password and all sessions, on every node, then
 * the memberships. Rooms without another owner get a new one. Messages stay without a name or are
 * deleted, according to the settings; what takes longer
 * than a second is done in the background. An account with a password requires the password.
 */
export async function deleteMyAccount(
  scope: Scope,
  { password }: { password?: string | null },
): Promise<void> {
  const viewer = requireViewer(scope);
  const { config, database } = scope.node;
  await spend(scope, 'delete-account');
  const found = await database.prisma.user.findUnique({
    where: { id: viewer.id },
    select: { username: true, passwordHash: true },
  });
  if (found?.passwordHash) await checkCurrentPassword(scope, found.passwordHash, password ?? '');
  if (found?.passwordHash && isAdminName(config, found.username))
    throw forbidden(
      'You cannot delete this account, because its username gives the admin role and would become free. Remove it from ADMIN_USERNAMES first.',
    );
  await removeAccount(scope.node, viewer.id, deletesMessages(config));
}
