import { transact } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';

/**
 * Gives the admin role to the users in the settings, and takes it from all others. ADMIN_USERNAMES
 * names accounts with a password, ADMIN_SUBJECTS users of the application's issuer. A role that a
 * backend has assigned stays. While JWT_ADMIN_CLAIM is set, a role from a claim stays until the
 * user's next token [P14]. Every node is notified.
 */
export async function grantAdmins(
  node: Pick<Node, 'database' | 'publish' | 'config' | 'log' | 'services'>,
): Promise<void> {
  const { ADMIN_USERNAMES, ADMIN_SUBJECTS, JWT_ADMIN_CLAIM, JWT_ISSUER } = node.config;
  const names = ADMIN_USERNAMES.map((name) => name.toLowerCase());
  await transact(node, async (transaction, record) => {
    // Users are locked in the order of their ids, like everywhere.
    const changed = await transaction.$queryRaw<{ id: string; role: 'USER' | 'ADMIN' }[]>`
      with due as (
        select id, case
          when password_hash is not null and username = any(${names}) then 'ADMIN'
          when subject = any(${ADMIN_SUBJECTS}) and (${JWT_ISSUER ?? null}::text is null or issuer is null or issuer = ${JWT_ISSUER ?? null}) then 'ADMIN'
          when assigned_role is not null then assigned_role::text
          when subject is null or (${JWT_ISSUER ?? null}::text is not null and issuer <> ${JWT_ISSUER ?? null}) then 'USER'
          when ${JWT_ADMIN_CLAIM !== undefined} then role::text
          else 'USER' end as role
        from users where role = 'ADMIN' or username = any(${names}) or subject = any(${ADMIN_SUBJECTS})
        order by id for no key update)
      update users set role = due.role::"Role" from due where users.id = due.id and users.role <> due.role::"Role"
      returning users.id, users.role::text as role`;
    const lost = changed.filter(({ role }) => role === 'USER').map(({ id }) => id);
    if (lost.length > 0) await node.services.loseAdminRole(transaction, record, lost);
    for (const { id } of changed) record({ type: 'DeskChanged', data: { userId: id } });
  });
  await warnOfFreeNames(node, names);
}

async function warnOfFreeNames(
  { database, log }: Pick<Node, 'database' | 'log'>,
  names: readonly string[],
): Promise<void> {
  const found = await database.prisma.user.findMany({
    where: { username: { in: [...names] }, passwordHash: { not: null } },
    select: { username: true },
  });
  const taken = new Set(found.map(({ username }) => username));
  const usernames = names.filter((name) => !taken.has(name));
  if (usernames.length > 0)
    log.warn(
      { usernames },
      'ADMIN_USERNAMES contains usernames without an account. Sign up with them on this machine',
    );
}
