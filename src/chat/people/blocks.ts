import { z } from 'zod';
import { createKeyset, type Key } from '../../db/keyset.ts';
import { conflict, notFound } from '../../errors.ts';
import { transact } from '../../events/transactions.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { isId } from '../../ids.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { livingUsers, userColumns, users, type UserRow } from './users.ts';

/** The most users whom one user can block. */
export const blockedMax = 1000;

/** The blocks between the viewer and another user. */
export interface Relation {
  /** When the viewer blocked the user. Null: they did not. */
  readonly blockedAt: Date | null;
  /** When the user blocked the viewer. The viewer must not be able to tell [P19]. */
  readonly blockedViewerAt: Date | null;
}

/** By the id of the other user. */
export const relationTo = createLoader<string, Relation>(async ({ node, viewer }, userIds) => {
  const others = userIds.filter(isId);
  const blocks = viewer
    ? await node.database.prisma.block.findMany({
        where: {
          OR: [
            { blockerId: viewer.id, blockedId: { in: others } },
            { blockerId: { in: others }, blockedId: viewer.id },
          ],
        },
      })
    : [];
  const at = (blockerId: string, blockedId: string) =>
    blocks.find((block) => block.blockerId === blockerId && block.blockedId === blockedId)
      ?.createdAt ?? null;
  return userIds.map((id) => ({
    blockedAt: viewer ? at(viewer.id, id) : null,
    blockedViewerAt: viewer ? at(id, viewer.id) : null,
  }));
});

/** Whether one of the two blocked the other: neither receives anything of the other then. */
export async function isSilent(scope: Scope, userId: string): Promise<boolean> {
  const { blockedAt, blockedViewerAt } = await relationTo.load(scope, userId);
  return blockedAt !== null || blockedViewerAt !== null;
}

/** Blocks a user. A blocked user stays so. CONFLICT for the viewer, and beyond 1000. */
export async function blockUser(scope: Scope, userId: string): Promise<UserRow> {
  const { viewerId, user } = await partiesOf(scope, userId);
  if (viewerId === user.id) throw conflict('You cannot block yourself.');
  const key = { blockerId: viewerId, blockedId: user.id };
  await transact(scope.node, async (transaction, record) => {
    // Of two blocks at the limit, the second counts the first.
    await transaction.$executeRaw`select pg_advisory_xact_lock(hashtextextended('blocks of ' || ${viewerId}, 0))`;
    const { count } = await transaction.block.createMany({ data: key, skipDuplicates: true });
    if (count === 0) return;
    if ((await transaction.block.count({ where: { blockerId: viewerId } })) > blockedMax)
      throw conflict(`You can block at most ${blockedMax} users. Unblock another one first.`);
    await transaction.invitation.deleteMany({
      where: { userId: viewerId, invitedById: user.id },
    });
    record(
      {
        type: 'BlockChanged',
        data: { userId: viewerId, blockedId: user.id, isBlocked: true },
      },
      { user: { [user.id]: user } },
    );
  });
  relationTo.clear(scope, user.id);
  return user;
}

/** Unblocks a user. What was hidden meanwhile stays hidden. */
export async function unblockUser(scope: Scope, userId: string): Promise<UserRow> {
  const { viewerId, user } = await partiesOf(scope, userId);
  await transact(scope.node, async (transaction, record) => {
    const { count } = await transaction.block.deleteMany({
      where: { blockerId: viewerId, blockedId: user.id },
    });
    if (count > 0)
      record(
        {
          type: 'BlockChanged',
          data: { userId: viewerId, blockedId: user.id, isBlocked: false },
        },
        { user: { [user.id]: user } },
      );
  });
  relationTo.clear(scope, user.id);
  return user;
}

async function partiesOf(
  scope: Scope,
  userId: string,
): Promise<{ viewerId: string; user: UserRow }> {
  const { id: viewerId } = requireViewer(scope);
  await spend(scope, 'block');
  const user = await livingUsers.load(scope, userId.toLowerCase());
  if (!user) throw notFound(`There is no user with the id ${userId}. Check the id.`);
  return { viewerId, user };
}

/** The users whom the viewer blocked, the last one first. */
export async function listBlocked(scope: Scope, page: PageArguments) {
  const { id: blockerId } = requireViewer(scope);
  return readPage(scope, page, {
    keys: blockKey,
    keyOf: ({ blockedAt, id }: UserRow & { blockedAt: Date }): Key => [blockedAt.toISOString(), id],
    async read({ limit, inverted, ...bounds }) {
      const blocks = await scope.node.database.prisma.block.findMany({
        where: { AND: [{ blockerId }, ...byNewest.between(bounds)] },
        orderBy: byNewest.orderBy(inverted),
        take: limit,
        select: { createdAt: true, blocked: { select: userColumns } },
      });
      for (const { blocked } of blocks) users.prime(scope, blocked.id, blocked);
      return blocks.map(({ createdAt, blocked }) => ({ ...blocked, blockedAt: createdAt }));
    },
  });
}

const byNewest = createKeyset('createdAt', 'blockedId', 'desc');
const blockKey = z.tuple([z.iso.datetime(), z.guid()]);
