import { z } from 'zod';
import { forbidden } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import type { Scope } from '../../scope.ts';
import { isAdmin } from '../people/admin-role.ts';
import type { UserRow } from '../people/users.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { existingUsers } from './presence.ts';

/** The users that are online on any node, in the order of their ids. For admins and services. */
export async function listOnlineUsers(scope: Scope, page: PageArguments) {
  if (scope.service) await startServiceCall(scope, 'users', { action: 'onlineUsers', targets: [] });
  else if (!(await isAdmin(scope))) throw forbidden('Only admins and backends can do that.');
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: ({ id }: UserRow) => id,
    async read({ after, before, limit, inverted }) {
      const isWithin = (id: string) =>
        (after === undefined || id > after) && (before === undefined || id < before);
      return existingUsers(scope, firstOf(scope.node.presence.online(), isWithin, limit, inverted));
    },
  });
}

/**
 * The least of these ids, or the greatest if inverted, in their order. It keeps no more than these,
 * because there may be very many users.
 */
function firstOf(
  ids: Iterable<string>,
  isWithin: (id: string) => boolean,
  count: number,
  inverted: boolean,
): string[] {
  const precedes = (a: string, b: string) => (inverted ? a > b : a < b);
  const first: string[] = [];
  for (const id of ids) {
    if (!isWithin(id) || (first.length === count && !precedes(id, first[count - 1]!))) continue;
    const index = first.findLastIndex((other) => precedes(other, id)) + 1;
    first.splice(index, 0, id);
    if (first.length > count) first.pop();
  }
  return first;
}
