import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { ModerationEntry } from '../../db/generated/client.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { createRowLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { findVisibleConversation } from '../conversations/access.ts';
import { viewerMembership } from '../conversations/conversations.ts';
import { visibleRoom } from '../rooms/rooms.ts';
import { hasPower, requirePower } from './standing.ts';

export type { ModerationEntry };

/** The actions of moderators on users and messages. */
export type ModerationAction =
  | 'kick'
  | 'ban'
  | 'unban'
  | 'mute'
  | 'unmute'
  | 'set_role'
  | 'delete_message'
  | 'resolve_report';

type NewEntry = Pick<ModerationEntry, 'conversationId' | 'moderatorId'> & {
  readonly action: ModerationAction;
} & Partial<Pick<ModerationEntry, 'userId' | 'messageId' | 'role' | 'reason' | 'until'>>;

/** Records an action of a moderator, in the transaction of the action. */
export const writeEntry = (transaction: Transaction, entry: NewEntry): Promise<ModerationEntry> =>
  transaction.moderationEntry.create({ data: entry });

const entries = createRowLoader<ModerationEntry>(
  () => undefined,
  (scope, ids) =>
    scope.node.database.prisma.moderationEntry.findMany({ where: { id: { in: ids } } }),
);

/** An entry of a moderation log that the viewer may see. Null for any other. */
export async function findEntry(scope: Scope, id: string): Promise<ModerationEntry | null> {
  const viewer = requireViewer(scope);
  const entry = await entries.load(scope, id);
  if (!entry || !(await findVisibleConversation(scope, entry.conversationId))) return null;
  const member = await viewerMembership.load(scope, entry.conversationId);
  return hasPower(viewer, member, 'MODERATOR') ? entry : null;
}

/**
 * The moderation log of a room, newest first. For moderators and owners of the room, and admins.
 */
export async function listEntries(scope: Scope, roomId: string, page: PageArguments) {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  requirePower(viewer, await viewerMembership.load(scope, room.id), 'MODERATOR');
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: (entry: ModerationEntry) => entry.id,
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.moderationEntry.findMany({
        where: { conversationId: room.id, id: { lt: after, gt: before } },
        orderBy: { id: inverted ? 'asc' : 'desc' },
        take: limit,
      }),
  });
}
