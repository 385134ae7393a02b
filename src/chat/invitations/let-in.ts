import type { Transaction } from '../../db/database.ts';
import { forbidden } from '../../errors.ts';
import type { RecordEvent } from '../../events/transactions.ts';
import type { Scope } from '../../scope.ts';
import { admit, lockEntrance } from '../conversations/membership.ts';
import type { UserRow } from '../people/users.ts';
import { banned, bansOf } from '../rooms/bans.ts';
import { archived } from '../rooms/rooms.ts';

/**
 * Makes an invited user a member, of a private room too. Returns whether they were none before.
 * FORBIDDEN for banned users, for guests in a private room, and if the room is archived.
 */
export async function letIn(
  scope: Scope,
  transaction: Transaction,
  record: RecordEvent,
  roomId: string,
  user: UserRow,
): Promise<boolean> {
  const { visibility, archivedAt } = await lockEntrance(transaction, roomId);
  const [ban] = (await bansOf(transaction, roomId, [user.id])).values();
  if (ban) throw banned(ban);
  if (archivedAt) throw archived();
  if (user.isGuest && visibility === 'PRIVATE')
    throw forbidden('Guests cannot join private rooms. Sign up first.');
  return (await admit(scope.node, transaction, record, roomId, [user])).length > 0;
}
