import type { MemberRole } from '../../db/generated/enums.ts';
import { forbidden } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { memberFact, type Member } from '../conversations/conversations.ts';
import { requireOwner } from '../conversations/membership.ts';
import { moderate, notAMember, partiesOf, type Target } from './moderate.ts';
import { writeEntry } from './moderation-log.ts';
import { requireSuperior } from './standing.ts';

/**
 * Sets a member's role. Owners can give other members any role and can lower their own; only an
 * admin can change the role of another owner. CONFLICT for the last owner of a room. Does nothing
 * if the member has the role already.
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
      throw forbidden('Guests can only be members. Ask them to sign up first.');
    const key = { conversationId: roomId, userId: target.id };
    if (targetMember.role === role)
      return transaction.member.findUniqueOrThrow({ where: { conversationId_userId: key } });
    const updated = await transaction.member.update({
      where: { conversationId_userId: key },
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
      { type: 'MemberUpdated', data: key },
      { ...memberFact(updated), user: { [target.id]: target } },
    );
    return updated;
  });
}
