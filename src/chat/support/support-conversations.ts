import { v5 as nameBasedId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { forbidden, invalid, notFound } from '../../errors.ts';
import { conversationTopic, supportTopic, type Topic } from '../../events/topics.ts';
import { transact } from '../../events/transactions.ts';
import type { PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { requireMember, visibleConversation } from '../conversations/access.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { listNewestFirst } from '../conversations/newest-first.ts';
import { holdDesk, offDesk, requireDesk } from './desk.ts';
import { supportPlace } from './place.ts';

const namespace = '7c1d0c0e-8a55-4d0f-9f0e-2b8a5d3c9e14';

/** The id of somebody's support conversation, whether it has begun: so there is one for each, for ever, and it can be followed before it begins. */
export const supportConversationId = (customerId: string): string =>
  nameBasedId(customerId, namespace);

/** The viewer's own, made on first use. Guests have none. */
export async function mySupportConversation(scope: Scope): Promise<Conversation> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw noneForGuests();
  const id = supportConversationId(viewer.id);
  const known = await conversationById.load(scope, id);
  if (known) return known;
  await transact(scope.node, (transaction) => open(transaction, id, viewer.id));
  conversationById.clear(scope, id);
  const opened = await conversationById.load(scope, id);
  if (!opened) throw notFound('This user no longer exists. Sign up anew.');
  return opened;
}

async function open(transaction: Transaction, id: string, customerId: string): Promise<void> {
  // Held, so that somebody who goes at the same moment has left before, or finds this to leave.
  const living = await transaction.$queryRaw<
    unknown[]
  >`select from users where id = ${customerId}::uuid and deleted_at is null for key share`;
  if (living.length === 0) return;
  await transaction.conversation.createMany({
    data: { id, kind: 'SUPPORT', customerId },
    skipDuplicates: true,
  });
  await transaction.member.createMany({
    data: { conversationId: id, userId: customerId },
    skipDuplicates: true,
  });
}

export type SupportStatus = 'OPEN' | 'RESOLVED';
export const statusOf = ({ resolvedAt }: Conversation): SupportStatus =>
  resolvedAt ? 'RESOLVED' : 'OPEN';

/** All in which there is a message, the one with the newest first. For the desk. */
export async function listSupportConversations(
  scope: Scope,
  { status, ...page }: PageArguments & { status?: SupportStatus | null },
) {
  await requireDesk(scope);
  return listNewestFirst(
    scope,
    { kind: 'SUPPORT', ...(status && { resolvedAt: status === 'OPEN' ? null : { not: null } }) },
    page,
  );
}

/** Says who on the desk looks after it; null: nobody. */
export const assignSupport = (
  scope: Scope,
  conversationId: string,
  assigneeId: string | null,
): Promise<Conversation> =>
  changeSupport(
    scope,
    conversationId,
    assigneeId === null ? [] : [assigneeId.toLowerCase()],
    (held, desk) => {
      const id = assigneeId?.toLowerCase() ?? null;
      if (id !== null && !desk.has(id))
        throw invalid(
          '`assigneeId` is not on the support desk: name somebody who holds the admin role, or nobody.',
          'assigneeId',
        );
      return held.assigneeId === id ? undefined : { assigneeId: id };
    },
  );

/** Says that it is dealt with, until the customer writes again. */
export const resolveSupport = (scope: Scope, conversationId: string): Promise<Conversation> =>
  changeSupport(scope, conversationId, [], ({ resolvedAt }) =>
    resolvedAt ? undefined : { resolvedAt: new Date() },
  );

/** Changes one for somebody on the desk, and tells the desk and the customer; nothing happens when it is so already. */
async function changeSupport(
  scope: Scope,
  conversationId: string,
  concerned: readonly string[],
  changeOf: (
    held: Conversation,
    desk: ReadonlySet<string>,
  ) => Prisma.ConversationUncheckedUpdateInput | undefined,
): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const conversation = await visibleConversation(scope, conversationId);
  if (conversation.kind !== 'SUPPORT') throw noSuchConversation();
  await requireDesk(scope);
  const changed = await transact(scope.node, async (transaction, record) => {
    const desk = await holdDesk(transaction, [viewer.id, ...concerned.filter(isId)]);
    if (!desk.has(viewer.id)) throw offDesk();
    await transaction.$executeRaw`select from conversations where id = ${conversation.id}::uuid for no key update`;
    const held = await transaction.conversation.findUniqueOrThrow({
      where: { id: conversation.id },
    });
    const data = changeOf(held, desk);
    if (!data) return held;
    const updated = await transaction.conversation.update({ where: { id: held.id }, data });
    record(
      { type: 'SupportUpdated', data: supportPlace(updated) },
      { conversation: { [updated.id]: updated } },
    );
    return updated;
  });
  conversationById.prime(scope, changed.id, changed);
  return changed;
}

/** Where the viewer's support messages are heard: the one conversation given, else all of them for an admin, and for others their own. */
export function supportMessagesTopic(
  scope: Scope,
  conversationId: string | null | undefined,
): Topic {
  const viewer = requireViewer(scope);
  if (conversationId == null)
    return viewer.role === 'ADMIN'
      ? supportTopic
      : conversationTopic(supportConversationId(viewer.id));
  if (!isId(conversationId)) throw noSuchConversation();
  return conversationTopic(conversationId.toLowerCase());
}

/** Users follow their own, whether it has begun; the desk follows every one. */
export async function requireSupportMessages(
  scope: Scope,
  conversationId: string | null | undefined,
): Promise<void> {
  const viewer = requireViewer(scope);
  if (viewer.isGuest) throw noneForGuests();
  if (conversationId == null) return viewer.role === 'ADMIN' ? requireDesk(scope) : undefined;
  if (conversationId.toLowerCase() === supportConversationId(viewer.id)) return;
  const { conversation } = await requireMember(scope, conversationId);
  if (conversation.kind !== 'SUPPORT') throw noSuchConversation();
}

const noneForGuests = () => forbidden('Guests have no support conversation. Sign up first.');
const noSuchConversation = () =>
  notFound('There is no such support conversation, or it is not open to you. Check the id.');
