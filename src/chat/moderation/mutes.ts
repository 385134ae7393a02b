import { conflict } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { memberFact } from '../conversations/conversations.ts';
import { moderate, notAMember, partiesOf } from './moderate.ts';
import { writeEntry, type ModerationEntry } from './moderation-log.ts';
import { checkEnd, parseReason } from './reasons.ts';
import type { Removal } from './removals.ts';
import { requireSuperior } from './standing.ts';

/**
 * Mutes a member until the given time. Leaving and rejoining does not end a mute. Without a time it
 * lifts a mute: CONFLICT if the member is not muted.
 */
export async function muteMember(
  scope: Scope,
  { reason, until, ...target }: Removal & { readonly until?: Date | null },
): Promise<ModerationEntry> {
  return moderate(scope, target, { power: 'MODERATOR' }, async (moderation) => {
    const { transaction, record, roomId, viewer, member, target, targetMember } = moderation;
    requireSuperior(viewer, member, target, targetMember);
    const why = parseReason(reason);
    const mutedUntil = until ? checkEnd(until) : null;
    if (!targetMember) throw notAMember(target);
    const key = { conversationId: roomId, userId: target.id };
    const before = await transaction.member.findUniqueOrThrow({
      where: { conversationId_userId: key },
    });
    if (!mutedUntil && !(before.mutedUntil && before.mutedUntil > new Date()))
      throw conflict(`${target.username} is not muted.`);
    const updated = await transaction.member.update({
      where: { conversationId_userId: key },
      data: { mutedUntil },
    });
    record(
      { type: 'MemberUpdated', data: key },
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
