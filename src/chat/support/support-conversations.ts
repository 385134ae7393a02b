import { isDeepStrictEqual } from 'node:util';
import { v5 as nameBasedId } from 'uuid';
import type { Transaction } from '../../db/database.ts';
import type { Prisma } from '../../db/generated/client.ts';
import { forbidden, invalid, notFound } from '../../errors.ts';
import { conversationTopic, supportTopic, type Topic } from '../../events/topics.ts';
import { transact } from '../../events/transactions.ts';
import type { PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { requireMember, visibleConversation } from '../conversations/access.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { listNewestFirst } from '../conversations/newest-first.ts';
import { spend } from '../policy/allowances.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { lockDesk, offDesk, requireDesk } from './desk.ts';
import { supportDestination } from './destination.ts';

const namespace = '7c1d0c0e-8a55-4d0f-9f0e-2b8a5d3c9e14';

/**
 * The id of a user's support conversation. It is derived from the user's id, so that there is only
 * one, and clients can subscribe before it exists.
 */
export const supportConversationId = (customerId: string): string =>
  nameBasedId(customerId, namespace);

/**
 * The viewer's own conversation, created on first use. `metadata` replaces the former one, so that
 * it says where the customer came from last. FORBIDDEN for guests, unless the settings permit them.
 */
export async function mySupportConversation(
  scope: Scope,
  metadata?: JsonObject | null,
): Promise<Conversation> {
  const viewer = requireCustomer(scope);
  const checked = metadata ? checkJson(metadata, 'metadata') : undefined;
  const id = supportConversationId(viewer.id);
  const known = await conversationById.load(scope, id);
  if (known && !(checked && differs(known.metadata, checked))) return known;
  await spend(scope, 'open-conversation');
  await transact(scope.node, (transaction) =>
    known && checked
      ? setMetadata(transaction, id, checked)
      : open(transaction, id, viewer.id, checked ?? {}),
  );
  conversationById.clear(scope, id);
  const opened = await conversationById.load(scope, id);
  if (!opened) throw notFound('Your account was deleted. Sign up again.');
  return opened;
}

const differs = (one: unknown, other: JsonObject): boolean => !isDeepStrictEqual(one, other);

async function setMetadata(
  transaction: Transaction,
  id: string,
  metadata: JsonObject,
): Promise<void> {
  await transaction.conversation.update({
    where: { id, archivedAt: null },
    data: { metadata: metadata as Prisma.InputJsonObject },
    select: { id: true },
  });
}

async function open(
  transaction: Transaction,
  id: string,
  customerId: string,
  metadata: JsonObject,
): Promise<void> {
  // The lock orders this and a deletion of the account, which then finds this membership to end.
  const living = await transaction.$queryRaw<unknown[]>`
    select from users where id = ${customerId}::uuid and deleted_at is null for key share`;
  if (living.length === 0) return;
  await transaction.conversation.createMany({
    data: { id, kind: 'SUPPORT', customerId, metadata: metadata as Prisma.InputJsonObject },
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

/**
 * All support conversations that have messages, sorted by their newest message, newest first. For
 * the desk only.
 */
export async function listSupportConversations(
  scope: Scope,
  { status, ...page }: PageArguments & { status?: SupportStatus | null },
) {
  await requireDesk(scope);
  return listNewestFirst(scope, supportTopic, page, status ? status === 'RESOLVED' : undefined);
}

/** Assigns the conversation to a member of the desk; null clears the assignment. */
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
          '`assigneeId` is not on the support desk. Pass the id of an admin, or null.',
          'assigneeId',
        );
      return held.assigneeId === id ? undefined : { assigneeId: id };
    },
  );

/** Marks the conversation as resolved, until the customer writes again. */
export const resolveSupport = (scope: Scope, conversationId: string): Promise<Conversation> =>
  changeSupport(scope, conversationId, [], ({ resolvedAt }) =>
    resolvedAt ? undefined : { resolvedAt: new Date() },
  );

/**
 * Changes a conversation on behalf of the desk, and notifies the desk and the customer. Does
 * nothing if `changeOf` returns undefined.
 */
async function changeSupport(
  scope: Scope,
  conversationId: string,
  otherIds: readonly string[],
  changeOf: (
    held: Conversation,
    desk: ReadonlySet<string>,
  ) => Prisma.ConversationUncheckedUpdateInput | undefined,
): Promise<Conversation> {
  const viewer = requireViewer(scope);
  const conversation = await visibleConversation(scope, conversationId);
  if (conversation.kind !== 'SUPPORT') throw noSuchConversation();
  await requireDesk(scope);
  await spend(scope, 'change-support');
  const changed = await transact(scope.node, async (transaction, record) => {
    const desk = await lockDesk(transaction, [viewer.id, ...otherIds.filter(isId)]);
    if (!desk.has(viewer.id)) throw offDesk();
    await transaction.$executeRaw`select from conversations where id = ${conversation.id}::uuid for no key update`;
    const held = await transaction.conversation.findUniqueOrThrow({
      where: { id: conversation.id },
    });
    const data = changeOf(held, desk);
    if (!data) return held;
    const updated = await transaction.conversation.update({ where: { id: held.id }, data });
    record(
      { type: 'SupportUpdated', data: supportDestination(updated) },
      { conversation: { [updated.id]: updated } },
    );
    return updated;
  });
  conversationById.prime(scope, changed.id, changed);
  return changed;
}

/**
 * The topic of the viewer's support messages: of the given conversation, otherwise of all for an
 * admin and of the own one for other users.
 */
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

/**
 * Throws unless the viewer can follow the messages: users their own conversation, even before it
 * exists, and the desk every one.
 */
export async function requireSupportMessages(
  scope: Scope,
  conversationId: string | null | undefined,
): Promise<void> {
  const viewer = requireCustomer(scope);
  if (conversationId == null) return viewer.role === 'ADMIN' ? requireDesk(scope) : undefined;
  if (conversationId.toLowerCase() === supportConversationId(viewer.id)) return;
  const { conversation } = await requireMember(scope, conversationId);
  if (conversation.kind !== 'SUPPORT') throw noSuchConversation();
}

/** The viewer, if they have a support conversation. */
function requireCustomer(scope: Scope): Viewer {
  const viewer = requireViewer(scope);
  if (viewer.isGuest && scope.node.config.GUEST_SUPPORT === 'off')
    throw forbidden('Guests cannot contact support. Sign up first.');
  return viewer;
}

const noSuchConversation = () =>
  notFound(
    'This support conversation does not exist, or you do not have access to it. Check the id.',
  );
