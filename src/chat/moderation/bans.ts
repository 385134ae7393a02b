import { conflict } from '../../errors.ts';
import type { PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { viewerMembership } from '../conversations/conversations.ts';
import { bansOf, pageOfBans, removeBan, storeBan } from '../rooms/bans.ts';
import { visibleRoom } from '../rooms/rooms.ts';
import { moderate, partiesOf, type Target } from './moderate.ts';
import { writeEntry, type ModerationEntry } from './moderation-log.ts';
import { checkEnd, readReason } from './reasons.ts';
import { removeTarget, type Removal } from './removals.ts';
import { requirePower, requireSuperior } from './standing.ts';

/**
 * Ends somebody's membership, if they have one, and keeps them from joining and being invited until it ends; without an end until it is
 * lifted. Who is banned already is banned anew.
 */
export async function banMember(
  scope: Scope,
  { reason, until, ...target }: Removal & { readonly until?: Date | null },
): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR', entrance: 'closed' }, async (moderation) => {
    const { transaction, roomId, viewer, member, target, targetMember } = moderation;
    requireSuperior(viewer, member, target, targetMember);
    const why = readReason(reason);
    const end = until ? checkEnd(until) : null;
    if (targetMember) await removeTarget(moderation, 'BANNED');
    await storeBan(transaction, roomId, { userId: target.id, until: end, reason: why });
    return writeEntry(transaction, {
      ...partiesOf(moderation),
      action: 'ban',
      reason: why,
      until: end,
    });
  });
}

/** Lifts a ban before its end. CONFLICT where none holds. */
export async function unbanMember(scope: Scope, target: Target): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR', entrance: 'closed' }, async (moderation) => {
    const { transaction, roomId, target } = moderation;
    const bans = await bansOf(transaction, roomId, [target.id]);
    if (!bans.has(target.id))
      throw conflict(`${target.username} is not banned from this room: there is nothing to lift.`);
    await removeBan(transaction, roomId, target.id);
    return writeEntry(transaction, { ...partiesOf(moderation), action: 'unban' });
  });
}

/** Who is banned from a room now, the latest ban first. For its moderators and owners, and admins. */
export async function listBans(scope: Scope, roomId: string, page: PageArguments) {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  requirePower(viewer, await viewerMembership.load(scope, room.id), 'MODERATOR');
  return pageOfBans(scope, room.id, page);
}
