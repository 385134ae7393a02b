import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Transaction } from '../../db/database.ts';
import type { InviteLink } from '../../db/generated/client.ts';
import { conflict, forbidden, invalid, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { createRowLoader } from '../../loaders.ts';
import { requireViewer, type Scope, type Viewer } from '../../scope.ts';
import { findVisibleConversation, hasRole, requireMember } from '../conversations/access.ts';
import {
  conversationById,
  memberCount,
  viewerMembership,
  type Conversation,
  type Member,
} from '../conversations/conversations.ts';
import { lockEntrance, lockMembers } from '../conversations/membership.ts';
import { spend, spendFor } from '../policy/allowances.ts';
import { forgetMembership, requireUser } from '../rooms/entry.ts';
import { visibleRoom } from '../rooms/rooms.ts';
import { requireInvitation } from './invite.ts';
import { letIn } from './let-in.ts';

export type { InviteLink };

/** The most links of a room that work at the same time. */
export const linksMax = 100;
const usesMax = 1_000_000;
/** 128 bits, so that nobody finds a code by trying. */
const codeBytes = 16;
const keptDays = 30;

export interface NewLink {
  readonly roomId: string;
  readonly expiresAt?: Date | null;
  readonly maxUses?: number | null;
}

/** Creates a link. For users who may invite to the room. CONFLICT if 100 of its links work. */
export async function createInviteLink(
  scope: Scope,
  { roomId, expiresAt = null, maxUses = null }: NewLink,
): Promise<InviteLink> {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  const { member } = await requireMember(scope, room.id);
  requireInvitation(viewer, room, member, []);
  if (expiresAt && !(expiresAt > new Date()))
    throw invalid('`expiresAt` must be in the future.', 'expiresAt');
  if (maxUses !== null && (maxUses < 1 || maxUses > usesMax))
    throw invalid(`\`maxUses\` must be between 1 and ${usesMax}.`, 'maxUses');
  await spend(scope, 'invite');
  return transact(scope.node, async (transaction) => {
    const entrance = await lockEntrance(transaction, room.id);
    const members = await lockMembers(transaction, room.id, [viewer.id]);
    requireInvitation(viewer, entrance, members.get(viewer.id), []);
    await requireSpace(transaction, room.id);
    return transaction.inviteLink.create({
      data: {
        conversationId: room.id,
        createdById: viewer.id,
        code: randomBytes(codeBytes).toString('base64url'),
        expiresAt,
        maxUses,
      },
    });
  });
}

/** Of two links at the limit, the lock lets the second count the first. */
async function requireSpace(transaction: Transaction, roomId: string): Promise<void> {
  await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended('invite links ' || ${roomId}, 0))`;
  const [working] = await transaction.$queryRawUnsafe<[{ count: number }]>(
    `select count(*)::int as count from invite_links where conversation_id = $1::uuid and ${isWorking}`,
    roomId,
  );
  if (working.count >= linksMax)
    throw conflict(`A room has at most ${linksMax} links that work. Revoke another one first.`);
}

/** An SQL condition on a row of `invite_links`. */
const isWorking =
  'revoked_at is null and (expires_at is null or expires_at > now()) and (max_uses is null or use_count < max_uses)';

const works = ({ revokedAt, expiresAt, maxUses, useCount }: InviteLink): boolean =>
  !revokedAt && (!expiresAt || expiresAt > new Date()) && (maxUses === null || useCount < maxUses);

/**
 * The room of a link that works, for anybody who has the code. Null for any other code. Counted by
 * address, because no token is needed.
 */
export async function previewInviteLink(
  scope: Scope,
  code: string,
): Promise<{ link: InviteLink; room: Conversation; memberCount: number } | null> {
  await spendFor(scope, 'preview-address', scope.address);
  const link = await linkByCode(scope, code);
  if (!link || !works(link)) return null;
  const room = await conversationById.load(scope, link.conversationId);
  if (!room || room.archivedAt) return null;
  return { link, room, memberCount: await memberCount.load(scope, room.id) };
}

/**
 * Makes the viewer a member of the link's room, and counts the use. A member stays one, without a
 * use. NOT_FOUND if the link does not work.
 */
export async function acceptInviteLink(scope: Scope, code: string): Promise<Conversation> {
  const viewer = requireViewer(scope);
  await spend(scope, 'join-or-leave');
  const link = await linkByCode(scope, code);
  if (!link) throw noSuchLink();
  const { conversationId } = link;
  if (!(await viewerMembership.load(scope, conversationId))) {
    const user = await requireUser(scope, viewer.id);
    await transact(scope.node, async (transaction, record) => {
      const hasJoined = await letIn(scope, transaction, record, conversationId, user);
      if (hasJoined && !(await use(transaction, link.id))) throw noSuchLink();
    });
    forgetMembership(scope, conversationId);
  }
  return (await conversationById.load(scope, conversationId))!;
}

/** Counts one use. The row lock makes two concurrent uses count one after the other. */
const use = async (transaction: Transaction, id: string): Promise<boolean> =>
  (await transaction.$executeRawUnsafe(
    `update invite_links set use_count = use_count + 1 where id = $1::uuid and ${isWorking}`,
    id,
  )) > 0;

/** Revokes a link. For the user who created it, moderators and owners of its room, and admins. */
export async function revokeInviteLink(scope: Scope, code: string): Promise<InviteLink> {
  const viewer = requireViewer(scope);
  const link = await linkByCode(scope, code);
  const room = link && (await findVisibleConversation(scope, link.conversationId));
  if (!link || !room) throw noSuchLink();
  if (!isShown(viewer, link, await viewerMembership.load(scope, room.id)))
    throw forbidden(
      "Only the link's creator and the room's moderators and owners can revoke it. Ask one of them.",
    );
  await spend(scope, 'invite');
  const { prisma } = scope.node.database;
  await prisma.inviteLink.updateMany({
    where: { id: link.id, revokedAt: null },
    data: { revokedAt: new Date() },
  });
  return prisma.inviteLink.findUniqueOrThrow({ where: { id: link.id } });
}

/**
 * The links of a room, newest first. Moderators, owners and admins receive all of them, other
 * members their own.
 */
export async function listInviteLinks(scope: Scope, roomId: string, page: PageArguments) {
  const viewer = requireViewer(scope);
  const room = await visibleRoom(scope, { id: roomId });
  const isModerator =
    viewer.role === 'ADMIN' || hasRole(await viewerMembership.load(scope, room.id), 'MODERATOR');
  if (!isModerator) await requireMember(scope, room.id);
  return readPage(scope, page, {
    keys: z.guid(),
    keyOf: (link: InviteLink) => link.id,
    read: ({ after, before, limit, inverted }) =>
      scope.node.database.prisma.inviteLink.findMany({
        where: {
          conversationId: room.id,
          ...(!isModerator && { createdById: viewer.id }),
          id: { lt: after, gt: before },
        },
        orderBy: { id: inverted ? 'asc' : 'desc' },
        take: limit,
      }),
  });
}

const links = createRowLoader<InviteLink>(
  () => undefined,
  ({ node }, ids) => node.database.prisma.inviteLink.findMany({ where: { id: { in: ids } } }),
);

/** A link that the viewer may list. Null for any other. */
export async function findInviteLink(scope: Scope, id: string): Promise<InviteLink | null> {
  const viewer = requireViewer(scope);
  const link = await links.load(scope, id);
  if (!link || !(await findVisibleConversation(scope, link.conversationId))) return null;
  return isShown(viewer, link, await viewerMembership.load(scope, link.conversationId))
    ? link
    : null;
}

const isShown = (viewer: Viewer, { createdById }: InviteLink, member: Member | null): boolean =>
  viewer.role === 'ADMIN' ||
  hasRole(member, 'MODERATOR') ||
  (member !== null && createdById === viewer.id);

const linkByCode = async ({ node }: Scope, code: string): Promise<InviteLink | null> =>
  /^[\w-]{1,64}$/.test(code)
    ? node.database.prisma.inviteLink.findUnique({ where: { code } })
    : null;

const noSuchLink = () =>
  notFound(
    'This link does not work: it was revoked, has expired or was used up. Ask a member of the room for a new one.',
  );

/** Deletes links that have not worked for about a month. Returns their number. */
export const pruneInviteLinks = (transaction: Transaction): Promise<number> =>
  transaction.$executeRawUnsafe(
    `delete from invite_links where id = any(array(
       select id from invite_links where created_at < now() - ${keptDays} * interval '1 day'
         and coalesce(revoked_at, expires_at, created_at) < now() - ${keptDays} * interval '1 day' and not (${isWorking})
       order by created_at limit 100))`,
  );
