import { conflict } from '../../errors.ts';
import type { LeaveReason } from '../../events/catalogue.ts';
import type { Scope } from '../../scope.ts';
import { bansOf, dismiss, requireOwner } from '../conversations/membership.ts';
import { moderate, notAMember, partiesOf, type Moderation, type Target } from './moderate.ts';
import { writeEntry, type ModerationEntry } from './moderation-log.ts';
import { checkEnd, readReason } from './reasons.ts';
import { requireSuperior } from './standing.ts';

export interface Removal extends Target {
  readonly reason?: string | null;
}

/** Ends somebody's membership, who may come back. NOT_FOUND for who is not a member. */
export async function kickMember(
  scope: Scope,
  { reason, ...target }: Removal,
): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR' }, async (moderation) => {
    requireSuperior(
      moderation.viewer,
      moderation.member,
      moderation.target,
      moderation.targetMember,
    );
    const why = readReason(reason);
    if (!moderation.targetMember) throw notAMember(moderation.target);
    await remove(moderation, 'KICKED');
    return writeEntry(moderation.transaction, {
      ...partiesOf(moderation),
      action: 'kick',
      reason: why,
    });
  });
}

/**
 * Ends somebody's membership, if they have one, and keeps them from joining and being invited until it ends; without an end until it is
 * lifted. Who is banned already is banned anew.
 */
export async function banMember(
  scope: Scope,
  { reason, until, ...target }: Removal & { readonly until?: Date | null },
): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR', entrance: 'closed' }, async (moderation) => {
    requireSuperior(
      moderation.viewer,
      moderation.member,
      moderation.target,
      moderation.targetMember,
    );
    const why = readReason(reason);
    const end = until ? checkEnd(until) : null;
    if (moderation.targetMember) await remove(moderation, 'BANNED');
    const { transaction, roomId, target } = moderation;
    const place = { conversationId: roomId, userId: target.id };
    const ban = { bannedAt: new Date(), bannedUntil: end, banReason: why };
    await transaction.restriction.upsert({
      where: { conversationId_userId: place },
      create: { ...place, ...ban },
      update: ban,
    });
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
    const bans = await bansOf(transaction, roomId, [target]);
    if (!bans.has(target.id))
      throw conflict(`${target.username} is not banned from this room: there is nothing to lift.`);
    await transaction.restriction.update({
      where: { conversationId_userId: { conversationId: roomId, userId: target.id } },
      data: { bannedAt: null, bannedUntil: null, banReason: null },
    });
    return writeEntry(transaction, { ...partiesOf(moderation), action: 'unban' });
  });
}

async function remove(
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
