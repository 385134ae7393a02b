import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';

/** Whether ADMIN_USERNAMES names it. The username is given as it is stored. */
export const isAdminName = (config: Config, username: string): boolean => config.ADMIN_USERNAMES.some((name) => name.toLowerCase() === username);

/** Makes those admins who are named, and nobody else: the setting is the only source of the role, so a name taken out of it loses the role. */
export async function grantAdmins({ prisma }: Database, usernames: readonly string[]): Promise<void> {
  const names = usernames.map((name) => name.toLowerCase());
  await prisma.user.updateMany({ where: { role: 'USER', isGuest: false, username: { in: names } }, data: { role: 'ADMIN' } });
  await prisma.user.updateMany({ where: { role: 'ADMIN', username: { notIn: names } }, data: { role: 'USER' } });
}
