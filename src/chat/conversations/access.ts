import type { MemberRole } from '../../db/generated/enums.ts';
import { forbidden, notFound, Refusal } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import {
  conversationById,
  viewerMembership,
  type Conversation,
  type Member,
} from './conversations.ts';
import { livingUsers } from '../people/users.ts';
import { kindOf } from './kinds.ts';

/**
 * The conversation if the viewer may see it, otherwise null. Members always may; the kind decides
 * for others. The answer and its time are the same for a hidden conversation and for one that does
 * not exist.
 */
export async function findVisibleConversation(
  scope: Scope,
  id: string,
): Promise<Conversation | null> {
  requireViewer(scope);
  const key = id.toLowerCase();
  const [conversation, member] = await Promise.all([
    conversationById.load(scope, key),
    viewerMembership.load(scope, key),
  ]);
  if (member || !conversation) return conversation;
  return (await kindOf(scope.node, conversation).isOpenTo(scope, conversation))
    ? conversation
    : null;
}

/** The same, with NOT_FOUND instead of null. */
export async function visibleConversation(scope: Scope, id: string): Promise<Conversation> {
  const conversation = await findVisibleConversation(scope, id);
  if (!conversation) throw noSuchConversation();
  return conversation;
}

export const noSuchConversation = () =>
  notFound(
    'There is no such conversation, or it is not open to you. Check the id, or ask a member to invite you.',
  );

/**
 * The conversation and the viewer's membership, which subscriptions and sends require. NOT_FOUND if
 * the viewer may not see the conversation, FORBIDDEN if they have to join first or are banned.
 */
export async function requireMember(
  scope: Scope,
  id: string,
): Promise<{ conversation: Conversation; member: Member }> {
  const conversation = await visibleConversation(scope, id);
  const member =
    (await viewerMembership.load(scope, conversation.id)) ??
    (await kindOf(scope.node, conversation).standIn(scope, conversation));
  return { conversation, member };
}

/**
 * Makes the viewer a member without joining, if the kind of the conversation allows it. Returns
 * whether the viewer is a member now.
 */
export async function enter(scope: Scope, id: string): Promise<boolean> {
  const conversation = await conversationById.load(scope, id.toLowerCase());
  if (!conversation) return false;
  return (await kindOf(scope.node, conversation).enter?.(scope, conversation)) ?? false;
}

/** The same, for a viewer who may already be a member. */
export async function enterOnce(scope: Scope, id: string): Promise<void> {
  if (!(await viewerMembership.load(scope, id))) await enter(scope, id);
}

export const rank = { MEMBER: 0, MODERATOR: 1, OWNER: 2 } satisfies Record<MemberRole, number>;

/** Whether the member has at least this role. False for no member. */
export const hasRole = (
  member: Pick<Member, 'role'> | null | undefined,
  role: MemberRole,
): boolean => !!member && rank[member.role] >= rank[role];

/** The same, with a refusal for an archived conversation and for a member who is muted. */
export async function requireWriter(scope: Scope, id: string): Promise<Conversation> {
  const { conversation, member } = await requireMember(scope, id);
  if (conversation.archivedAt) throw kindOf(scope.node, conversation).readOnly();
  if (member.mutedUntil && member.mutedUntil > new Date()) throw muted(member.mutedUntil);
  return conversation;
}

/** Drops the rows on which the viewer's permission depends, so that they are read again. */
export function forgetPermission(scope: Scope, conversationId: string): void {
  for (const loader of [conversationById, viewerMembership])
    loader.clear(scope, conversationId.toLowerCase());
  livingUsers.clear(scope, requireViewer(scope).id);
}

export const muted = (until: Date) =>
  new Refusal(
    'FORBIDDEN',
    `You are muted in this room until ${until.toISOString()}. You can still read. Wait until then, or ask a moderator.`,
    { until },
  );

/** For a viewer who may see a room but has not joined it. */
export const joinFirst = () => forbidden('Join the room first.');

/** For a conversation of two sides, if the other side deleted their account. */
export const abandoned = () =>
  forbidden(
    'The other participant has deleted their account. You can read this conversation, but not write in it.',
  );
