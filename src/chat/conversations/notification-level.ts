import type { Transaction } from '../../db/database.ts';
import type { NotificationLevel } from '../../db/generated/enums.ts';
import { conflict, invalid } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { enterOnce, requireMember } from './access.ts';
import { conversationById, memberFact, viewerMembership, type Member } from './conversations.ts';
import { kindOf } from './kinds.ts';

/**
 * The most members of a conversation who chose to be notified of every message, so that one message
 * causes a limited number of notifications [P13].
 */
export const listenersMax = 200;

export interface LevelRequest {
  readonly conversationId: string;
  readonly level: NotificationLevel;
  /** When the default applies again. Null: never. */
  readonly until?: Date | null;
}

/** Sets which messages notify the viewer. CONFLICT if 200 members of a room chose every message. */
export async function setNotificationLevel(
  scope: Scope,
  { conversationId, level, until = null }: LevelRequest,
): Promise<Member> {
  const viewer = requireViewer(scope);
  const { conversation } = await requireMember(scope, conversationId);
  if (until && !(until > new Date())) throw invalid('`until` must be in the future.', 'until');
  await spend(scope, 'set-level');
  await enterOnce(scope, conversation.id);
  const key = { conversationId: conversation.id, userId: viewer.id };
  const isListener = level === 'ALL' && defaultOf(scope, conversation, viewer.id) !== 'ALL';
  const member = await transact(scope.node, async (transaction, record) => {
    const member = await transaction.member.update({
      where: { conversationId_userId: key },
      data: { notificationLevel: level, notificationLevelUntil: until },
    });
    if (isListener) await addListener(transaction, conversation.id);
    record({ type: 'NotificationLevelChanged', data: key }, memberFact(member));
    return member;
  });
  viewerMembership.clear(scope, conversation.id);
  return member;
}

/** Counts the listeners, the new one included, with the conversation locked. */
async function addListener(transaction: Transaction, conversationId: string): Promise<void> {
  await transaction.conversation.update({
    where: { id: conversationId },
    data: { hasListeners: true },
    select: { id: true },
  });
  const count = await transaction.member.count({
    where: { conversationId, notificationLevel: 'ALL' },
  });
  if (count > listenersMax)
    throw conflict(
      `${listenersMax} members of this room are notified of every message already. Choose MENTIONS.`,
    );
}

const defaultOf = (
  { node }: Scope,
  conversation: Parameters<typeof kindOf>[1] & { customerId: string | null },
  userId: string,
): NotificationLevel => kindOf(node, conversation).defaultLevel(conversation, userId);

/** The viewer's own level, with the end of the choice. For other members, the default. */
export async function shownLevel(
  scope: Scope,
  { conversationId, userId, notificationLevel, notificationLevelUntil }: Member,
): Promise<{ level: NotificationLevel; until: Date | null }> {
  const until = notificationLevelUntil && new Date(notificationLevelUntil);
  if (userId === scope.viewer?.id && notificationLevel && !(until && until <= new Date()))
    return { level: notificationLevel, until };
  const conversation = (await conversationById.load(scope, conversationId))!;
  return { level: defaultOf(scope, conversation, userId), until: null };
}
