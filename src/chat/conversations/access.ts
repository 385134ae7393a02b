import type { MemberRole } from '../../db/generated/enums.ts';
import { forbidden, notFound, Refusal, unavailable } from '../../errors.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import {
  conversationById,
  viewerBan,
  viewerMembership,
  type Ban,
  type Conversation,
  type Member,
} from './conversations.ts';
import { deskMember, isOnDesk } from '../support/desk.ts';

/**
 * The conversation, when the viewer may look at it: a public room for everyone who is signed in, a support conversation for the
 * desk, everything for its members; null when not. What one may not see takes the same answer, and the same time, as what does not exist.
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
  if (member || conversation?.visibility === 'PUBLIC') return conversation;
  return conversation?.kind === 'SUPPORT' && (await isOnDesk(scope)) ? conversation : null;
}

/** The same, or NOT_FOUND. */
export async function visibleConversation(scope: Scope, id: string): Promise<Conversation> {
  const conversation = await findVisibleConversation(scope, id);
  if (!conversation)
    throw notFound(
      'There is no such conversation, or it is not open to you. Check the id, or ask a member to invite you.',
    );
  return conversation;
}

/** Who may follow and send. NOT_FOUND where the viewer may not even look, FORBIDDEN where they may join first, or are banned. */
export async function requireMember(
  scope: Scope,
  id: string,
): Promise<{ conversation: Conversation; member: Member }> {
  const conversation = await visibleConversation(scope, id);
  const member = await viewerMembership.load(scope, conversation.id);
  if (member) return { conversation, member };
  if (conversation.kind === 'SUPPORT')
    return { conversation, member: deskMember(conversation, requireViewer(scope).id) };
  const ban = await viewerBan.load(scope, conversation.id);
  throw ban ? banned(ban) : forbidden('Join the room first.');
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
    if (conversation.archivedAt) return readOnly(conversation);
    return unavailable(
      'The conversation changed at that moment. Send again, with the same idempotencyKey.',
    );
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

export const banned = ({ until, reason }: Ban) =>
  new Refusal(
    'FORBIDDEN',
    `You are banned from this room${until ? ` until ${until.toISOString()}` : ''}${reason ? `, because of: ${reason}` : ''}. ${until ? 'Come back then, or ask its moderators.' : 'Only its moderators can lift that.'}`,
    { until, reason },
  );

export const muted = (until: Date) =>
  new Refusal(
    'FORBIDDEN',
    `You are muted in this room until ${until.toISOString()}: you can read, but not write. Write again then, or ask its moderators.`,
    { until },
  );

/** Of a conversation into which nothing new comes. */
export const readOnly = ({ kind }: Pick<Conversation, 'kind'>) =>
  kind === 'ROOM'
    ? archived()
    : forbidden(
        'The other has deleted their account: this conversation can be read, but nothing new comes in.',
      );

export const archived = () =>
  forbidden(
    'The room is archived: it can be read, but nothing new comes in. An owner can open it again with updateRoom.',
  );
