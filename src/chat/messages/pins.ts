import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import { createKeyset, type Key } from '../../db/keyset.ts';
import { conflict, forbidden } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import {
  enterOnce,
  hasRole,
  requireMember,
  findVisibleConversation,
} from '../conversations/access.ts';
import { viewerMembership, type Member } from '../conversations/conversations.ts';
import { kindOf } from '../conversations/kinds.ts';
import { users } from '../people/users.ts';
import { spend } from '../policy/allowances.ts';
import { changeMessage, deleted } from './change-message.ts';
import { shownTo } from './hidden.ts';
import { messageColumns, messageSelect } from './message-fields.ts';
import { messageById, type MessageRow } from './message-row.ts';
import { visibleMessage, type VisibleMessage } from './visible-message.ts';

/** The most pinned messages of a conversation. */
export const pinnedMax = 50;

/** Pins a message. A pinned message stays as it is. CONFLICT for deleted messages. */
export const pinMessage = (scope: Scope, messageId: string): Promise<MessageRow> =>
  setPinned(scope, messageId, true);

/** Unpins a message. A message that is not pinned stays as it is. */
export const unpinMessage = (scope: Scope, messageId: string): Promise<MessageRow> =>
  setPinned(scope, messageId, false);

async function setPinned(scope: Scope, messageId: string, isPinned: boolean): Promise<MessageRow> {
  const viewer = requireViewer(scope);
  const visible = await visibleMessage(scope, messageId);
  await requirePinner(scope, viewer, visible);
  await spend(scope, 'pin');
  const user = await users.load(scope, viewer.id);
  return changeMessage(scope, visible, async (change) => {
    const { transaction, conversation, entrance, member, locked, record } = change;
    const kind = kindOf(scope.node, conversation);
    if (kind.isModerated) requirePower(viewer, member);
    if (entrance.archivedAt) throw kind.readOnly();
    if (isPinned === (locked.pinnedAt !== null)) return locked;
    if (isPinned && locked.deletedAt) throw deleted();
    if (isPinned) await requireSpace(transaction, conversation.id);
    const [changed] = await transaction.$queryRawUnsafe<[MessageRow]>(
      `update messages set pinned_at = case when $2::boolean then clock_timestamp() end where id = $1::uuid returning ${messageColumns}`,
      locked.id,
      isPinned,
    );
    record(
      'PinChanged',
      { message: { [locked.id]: changed }, user: { [viewer.id]: user } },
      { isPinned, userId: viewer.id },
    );
    return changed;
  });
}

/** In a moderated conversation, moderators pin; in any other, its members. */
async function requirePinner(
  scope: Scope,
  viewer: Viewer,
  { conversation }: VisibleMessage,
): Promise<void> {
  if (kindOf(scope.node, conversation).isModerated) {
    requirePower(viewer, await viewerMembership.load(scope, conversation.id));
    return;
  }
  await requireMember(scope, conversation.id);
  await enterOnce(scope, conversation.id);
}

function requirePower(viewer: Viewer, member: Pick<Member, 'role'> | null | undefined): void {
  if (viewer.role !== 'ADMIN' && !hasRole(member, 'MODERATOR'))
    throw forbidden("Only the room's moderators and owners can pin messages. Ask one of them.");
}

/** Of two pins at the limit, the lock lets the second count the first. */
async function requireSpace(transaction: Transaction, conversationId: string): Promise<void> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended('pins ' || ${conversationId}, 0))`;
  const count = await transaction.message.count({
    where: { conversationId, pinnedAt: { not: null } },
  });
  if (count >= pinnedMax)
    throw conflict(
      `A conversation has at most ${pinnedMax} pinned messages. Unpin another one first.`,
    );
}

/**
 * The pinned messages of a conversation, the latest pin first. None if the viewer may not see the
 * conversation.
 */
export async function listPinned(scope: Scope, conversationId: string, page: PageArguments) {
  const isVisible = (await findVisibleConversation(scope, conversationId)) !== null;
  return readPage(scope, page, {
    isEmpty: !isVisible,
    keys: pinKey,
    keyOf: ({ pinnedAt, id }: MessageRow): Key => [new Date(pinnedAt!).toISOString(), id],
    async read({ limit, inverted, ...bounds }) {
      const messages: MessageRow[] = await scope.node.database.prisma.message.findMany({
        where: {
          AND: [
            { conversationId, pinnedAt: { not: null } },
            shownTo(scope),
            ...byPinning.between(bounds),
          ],
        },
        orderBy: byPinning.orderBy(inverted),
        take: limit,
        select: messageSelect,
      });
      for (const message of messages) messageById.prime(scope, message.id, message);
      return messages;
    },
  });
}

const byPinning = createKeyset('pinnedAt', 'id', 'desc');
const pinKey = z.tuple([z.iso.datetime(), z.guid()]);
