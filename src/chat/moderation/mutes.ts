import { conflict } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { memberFact } from '../conversations/conversations.ts';
import { moderate, notAMember, partiesOf } from './moderate.ts';
import { writeEntry, type ModerationEntry } from './moderation-log.ts';
import { checkEnd, readReason } from './reasons.ts';
import type { Removal } from './removals.ts';
import { requireSuperior } from './standing.ts';

/** Keeps a member from writing until the end, which leaving and coming back does not bring nearer. Without an end it lifts a mute: CONFLICT where none holds. */
export async function muteMember(
  scope: Scope,
  { reason, until, ...target }: Removal & { readonly until?: Date | null },
): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR' }, async (moderation) => {
    const { transaction, record, roomId, viewer, member, target, targetMember } = moderation;
    requireSuperior(viewer, member, target, targetMember);
    const why = readReason(reason);
    const mutedUntil = until ? checkEnd(until) : null;
    if (!targetMember) throw notAMember(target);
    const place = { conversationId: roomId, userId: target.id };
    const before = await transaction.member.findUniqueOrThrow({
      where: { conversationId_userId: place },
    });
    if (!mutedUntil && !(before.mutedUntil && before.mutedUntil > new Date()))
      throw conflict(`${target.username} is not muted: there is nothing to lift.`);
    const updated = await transaction.member.update({
      where: { conversationId_userId: place },
      data: { mutedUntil },
    });
    record(
      { type: 'MemberUpdated', data: place },
      { ...memberFact(updated), user: { [target.id]: target } },
    );
    return writeEntry(transaction, {
      ...partiesOf(moderation),
      action: mutedUntil ? 'mute' : 'unmute',
      reason: why,
      until: mutedUntil,
    });
  });
}
