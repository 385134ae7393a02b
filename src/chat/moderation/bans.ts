import { conflict } from '../../errors.ts';
import type { PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { viewerMembership } from '../conversations/conversations.ts';
import { bansOf, pageOfBans, removeBan, storeBan } from '../rooms/bans.ts';
import { visibleRoom } from '../rooms/rooms.ts';
import { moderate, partiesOf, type Target } from './moderate.ts';
import { writeEntry, type ModerationEntry } from './moderation-log.ts';
import { checkEnd, parseReason } from './reasons.ts';
import { removeTarget, type Removal } from './removals.ts';
import { requirePower, requireSuperior } from './standing.ts';

/**
 * Bans a user: ends the membership, if there is one, and blocks joining and invitations until the
 * end of the ban. A ban without an end lasts until it is lifted. A new ban replaces an earlier one.
 */
export async function banMember(
  scope: Scope,
  { reason, until, ...target }: Removal & { readonly until?: Date | null },
): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR', entrance: 'closed' }, async (moderation) => {
    const { transaction, roomId, viewer, member, target, targetMember } = moderation;
    requireSuperior(viewer, member, target, targetMember);
    const why = parseReason(reason);
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

/** Lifts a ban before its end. CONFLICT if no ban is in force. */
export async function unbanMember(scope: Scope, target: Target): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR', entrance: 'closed' }, async (moderation) => {
    const { transaction, roomId, target } = moderation;
    const bans = await bansOf(transaction, roomId, [target.id]);
    if (!bans.has(target.id)) throw conflict(`${target.username} is not banned from this room.`);
    await removeBan(transaction, roomId, target.id);
    return writeEntry(transaction, { ...partiesOf(moderation), action: 'unban' });
  });
}

/**
 * The bans of a room that are in force, newest first. For moderators and owners of the room, and
 * admins.
 */
export async function listBans(scope: Scope, roomId: string, page: PageArguments) {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  requirePower(viewer, await viewerMembership.load(scope, room.id), 'MODERATOR');
  return pageOfBans(scope, room.id, page);
}
