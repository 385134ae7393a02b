import type { LeaveReason } from '../../events/catalogue.ts';
import type { Scope } from '../../scope.ts';
import { dismiss, requireOwner } from '../conversations/membership.ts';
import { moderate, notAMember, partiesOf, type Moderation, type Target } from './moderate.ts';
import { writeEntry, type ModerationEntry } from './moderation-log.ts';
import { parseReason } from './reasons.ts';
import { requireSuperior } from './standing.ts';

export interface Removal extends Target {
  readonly reason?: string | null;
}

/** Ends a user's membership; the user can join again. NOT_FOUND if the user is not a member. */
export async function kickMember(
  scope: Scope,
  { reason, ...target }: Removal,
): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR' }, async (moderation) => {
    const { transaction, viewer, member, target, targetMember } = moderation;
    requireSuperior(viewer, member, target, targetMember);
    const why = parseReason(reason);
    if (!targetMember) throw notAMember(target);
    await removeTarget(moderation, 'KICKED');
    return writeEntry(transaction, { ...partiesOf(moderation), action: 'kick', reason: why });
  });
}

/** Ends the target's membership. CONFLICT if the target is the last owner of the room. */
export async function removeTarget(
  { transaction, record, roomId, target }: Moderation,
  reason: LeaveReason,
): Promise<void> {
  const [left] = await dismiss(transaction, record, roomId, [target], reason);
  if (left?.role === 'OWNER')
    await requireOwner(
      transaction,
      roomId,
      `${target.username} is the last owner of this room. Make another member an owner first.`,
    );
}
