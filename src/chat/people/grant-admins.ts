import { transact } from '../../events/record.ts';
import type { Node } from '../../scope.ts';
import { leaveDesk } from '../support/desk.ts';

/**
 * Makes those admins who are named, and nobody else: the setting is the only source of the role, so a name taken out of it loses the role.
 * Every node hears of it.
 */
export async function grantAdmins(
  node: Pick<Node, 'database' | 'publish'>,
  usernames: readonly string[],
): Promise<void> {
  const names = usernames.map((name) => name.toLowerCase());
  await transact(node, async (transaction, record) => {
    // In the order in which everybody holds users.
    await transaction.$executeRaw`
      select from users where (role = 'USER' and not is_guest and username = any(${names})) or (role = 'ADMIN' and username <> all(${names}))
      order by id for no key update`;
    const gained = await transaction.user.updateManyAndReturn({
      where: { role: 'USER', isGuest: false, username: { in: names } },
      data: { role: 'ADMIN' },
      select: { id: true },
    });
    const lost = await transaction.user.updateManyAndReturn({
      where: { role: 'ADMIN', username: { notIn: names } },
      data: { role: 'USER' },
      select: { id: true },
    });
    if (lost.length > 0)
      await leaveDesk(
        transaction,
        record,
        lost.map(({ id }) => id),
      );
    for (const { id } of [...gained, ...lost])
      record({ type: 'DeskChanged', data: { userId: id } });
  });
}
