import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { AuditEntry } from '../../db/generated/client.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import type { Scope } from '../../scope.ts';
import { isAdmin, requireAdmin } from '../people/admin-role.ts';

export type { AuditEntry };

/** The calls of backends, newest first. For admins. */
export async function listAuditEntries(scope: Scope, page: PageArguments) {
  await requireAdmin(scope);
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: ({ id }: AuditEntry) => id,
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.auditEntry.findMany({
        where: { id: { lt: after, gt: before } },
        orderBy: { id: inverted ? 'asc' : 'desc' },
        take: limit,
      }),
  });
}

/** The entry with this id. Null for all viewers but admins. */
export async function findAuditEntry(scope: Scope, id: string): Promise<AuditEntry | null> {
  if (!(await isAdmin(scope))) return null;
  return scope.node.database.prisma.auditEntry.findUnique({ where: { id } });
}

const prunedAtOnce = 1000;

/** Deletes a batch of entries that are older than this. Returns their number. */
export const pruneAuditLog = (transaction: Transaction, days: number): Promise<number> =>
  transaction.$executeRaw`
    delete from audit_entries where id = any(array(
      select id from audit_entries where created_at < now() - ${days}::int * interval '1 day'
      order by created_at limit ${prunedAtOnce}))`;
