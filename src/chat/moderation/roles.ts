import type { MemberRole } from '../../db/generated/enums.ts';
import { forbidden } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { memberFact, type Member } from '../conversations/conversations.ts';
import { requireOwner } from '../conversations/membership.ts';
import { moderate, notAMember, partiesOf, type Target } from './moderate.ts';
import { writeEntry } from './moderation-log.ts';
import { requireSuperior } from './standing.ts';

/**
 * Gives a member a role. Owners make others owners, moderators or members, and may step down themselves; only an admin takes the role of
 * another owner. CONFLICT where the last owner would be gone. A role that is held already stays, and nothing happens.
 */
export async function setMemberRole(
  scope: Scope,
  { role, ...target }: Target & { readonly role: MemberRole },
): Promise<Member> {
  return moderate(scope, target, { power: 'OWNER' }, async (moderation) => {
    const { transaction, record, roomId, viewer, member, target, targetMember } = moderation;
    if (viewer.id !== target.id) requireSuperior(viewer, member, target, targetMember);
    if (!targetMember) throw notAMember(target);
    if (target.isGuest && role !== 'MEMBER')
      throw forbidden('Guests are members and nothing more. Ask them to sign up first.');
    const place = { conversationId: roomId, userId: target.id };
    if (targetMember.role === role)
      return transaction.member.findUniqueOrThrow({ where: { conversationId_userId: place } });
    const updated = await transaction.member.update({
      where: { conversationId_userId: place },
      data: { role },
    });
    if (targetMember.role === 'OWNER')
      await requireOwner(
        transaction,
        roomId,
        `${target.username} is the last owner of this room. Make another member an owner first.`,
      );
    await writeEntry(transaction, { ...partiesOf(moderation), action: 'set_role', role });
    record(
      { type: 'MemberUpdated', data: place },
      { ...memberFact(updated), user: { [target.id]: target } },
    );
    return updated;
  });
}
