import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import { notFound } from '../../errors.ts';
import { transact, type RecordEvent } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { hasRole } from '../conversations/access.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import type { Invitation } from '../conversations/invitation-rows.ts';
import { markContentRead } from '../notifications/notifications.ts';
import { spend } from '../policy/allowances.ts';
import { forgetMembership, requireUser } from '../rooms/entry.ts';
import { letIn } from './let-in.ts';

/** The viewer's open invitations, newest first. */
export async function listInvitations(scope: Scope, page: PageArguments) {
  const { id: userId } = requireViewer(scope);
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: (invitation: Invitation) => invitation.id,
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.invitation.findMany({
        where: { userId, id: { lt: after, gt: before } },
        orderBy: { id: inverted ? 'asc' : 'desc' },
        take: limit,
      }),
  });
}

/** Makes the viewer a member of the room. NOT_FOUND if the inviter may no longer invite there. */
export async function acceptInvitation(scope: Scope, id: string): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const { conversationId } = await requireInvitation(scope, id);
  await spend(scope, 'join-or-leave');
  const user = await requireUser(scope, viewer.id);
  await transact(scope.node, async (transaction, record) => {
    const invitation = await transaction.invitation.findUnique({
      where: { id, userId: viewer.id },
    });
    if (!invitation || !(await isValid(transaction, invitation))) throw noSuchInvitation();
    // It deletes the invitation of a user who was no member.
    if (!(await letIn(scope, transaction, record, conversationId, user)))
      await transaction.invitation.deleteMany({ where: { id } });
    await markAnswered(transaction, record, id);
  });
  forgetMembership(scope, conversationId);
  return (await conversationById.load(scope, conversationId))!;
}

/** Deletes the invitation. The inviter is not told. */
export async function declineInvitation(scope: Scope, id: string): Promise<void> {
  await requireInvitation(scope, id);
  await spend(scope, 'join-or-leave');
  await transact(scope.node, async (transaction, record) => {
    await transaction.invitation.deleteMany({ where: { id } });
    await markAnswered(transaction, record, id);
  });
}

async function requireInvitation(scope: Scope, id: string): Promise<Invitation> {
  const { id: userId } = requireViewer(scope);
  const invitation = isId(id)
    ? await scope.node.database.prisma.invitation.findUnique({ where: { id, userId } })
    : null;
  if (!invitation) throw noSuchInvitation();
  return invitation;
}

/** Marks the notification of an invitation as read. */
async function markAnswered(
  transaction: Transaction,
  record: RecordEvent,
  id: string,
): Promise<void> {
  for (const read of await markContentRead(transaction, id))
    record({ type: 'NotificationsRead', data: read });
}

/** Whether the inviter may still invite to the room. */
async function isValid(
  transaction: Transaction,
  { conversationId, invitedById }: Invitation,
): Promise<boolean> {
  const key = { conversationId, userId: invitedById };
  const inviter = await transaction.member.findUnique({
    where: { conversationId_userId: key },
    select: { role: true, conversation: { select: { visibility: true } } },
  });
  return inviter?.conversation.visibility === 'PUBLIC' || hasRole(inviter, 'MODERATOR');
}

const noSuchInvitation = () =>
  notFound('There is no such invitation, or it is no longer valid. Ask for a new one.');
