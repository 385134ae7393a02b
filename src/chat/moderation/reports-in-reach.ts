import type { Prisma } from '../../db/generated/client.ts';
import type { Viewer } from '../../scope.ts';

export const isModerator = {
  role: { in: ['MODERATOR', 'OWNER'] },
} satisfies Prisma.MemberWhereInput;

/** The condition for reports of conversations that the viewer moderates. */
export function reachOf(viewer: Viewer): Prisma.ReportWhereInput {
  if (viewer.role === 'ADMIN')
    return {
      conversation: {
        OR: [
          { visibility: 'PUBLIC' },
          { visibility: null },
          { members: { some: { userId: viewer.id } } },
        ],
      },
    };
  return { conversation: { members: { some: { userId: viewer.id, ...isModerator } } } };
}
