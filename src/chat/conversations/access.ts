import type { MemberRole } from '../../db/generated/enums.ts';
import { forbidden, notFound, Refusal, unavailable } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import {
  conversationById,
  viewerMembership,
  type Conversation,
  type Member,
} from './conversations.ts';
import { kindOf } from './kinds.ts';

/**
 * The conversation, when the viewer may look at it: everything for its members, and for others what its kind is open to; null when
 * not. What one may not see takes the same answer, and the same time, as what does not exist.
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

/** The same, or NOT_FOUND. */
export async function visibleConversation(scope: Scope, id: string): Promise<Conversation> {
  const conversation = await findVisibleConversation(scope, id);
  if (!conversation) throw noSuchConversation();
  return conversation;
}

export const noSuchConversation = () =>
  notFound(
    'There is no such conversation, or it is not open to you. Check the id, or ask a member to invite you.',
  );

/** Who may follow and send. NOT_FOUND where the viewer may not even look, FORBIDDEN where they may join first, or are banned. */
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

/** Makes the viewer a member because they write or read, where the kind of the conversation has it so. Returns whether they are one now. */
export async function enter(scope: Scope, id: string): Promise<boolean> {
  const conversation = await conversationById.load(scope, id.toLowerCase());
  if (!conversation) return false;
  return (await kindOf(scope.node, conversation).enter?.(scope, conversation)) ?? false;
}

/** The same, for a viewer who may take part, and may be a member already. */
export async function enterOnce(scope: Scope, id: string): Promise<void> {
  if (!(await viewerMembership.load(scope, id))) await enter(scope, id);
}

export const rank = { MEMBER: 0, MODERATOR: 1, OWNER: 2 } satisfies Record<MemberRole, number>;

/** Whether a member, if they are one, has at least this role. */
export const hasRole = (
  member: Pick<Member, 'role'> | null | undefined,
  role: MemberRole,
): boolean => !!member && rank[member.role] >= rank[role];

/** Why a send that found no open conversation of the sender's was refused, by what holds now. */
export async function explainRefusedSend(scope: Scope, conversationId: string): Promise<Refusal> {
  for (const loader of [conversationById, viewerMembership])
    loader.clear(scope, conversationId.toLowerCase());
  try {
    const { conversation } = await requireMember(scope, conversationId);
    if (conversation.archivedAt) return kindOf(scope.node, conversation).readOnly();
    return unavailable(
      'The conversation changed at that moment. Send again, with the same idempotencyKey.',
    );
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

export const muted = (until: Date) =>
  new Refusal(
    'FORBIDDEN',
    `You are muted in this room until ${until.toISOString()}: you can read, but not write. Write again then, or ask its moderators.`,
    { until },
  );

/** For a viewer who may look at a conversation that one has to join. */
export const joinFirst = () => forbidden('Join the room first.');

/** For a conversation of two sides, one of which is gone. */
export const abandoned = () =>
  forbidden(
    'The other has deleted their account: this conversation can be read, but nothing new comes in.',
  );
