import type { Invitation } from '../../db/generated/client.ts';
import { createRowLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';

export type { Invitation };

const invitations = createRowLoader<Invitation>(
  () => undefined,
  ({ node }, ids) => node.database.prisma.invitation.findMany({ where: { id: { in: ids } } }),
);

/** An open invitation of the viewer. Null for any other. */
export async function findInvitation(scope: Scope, id: string): Promise<Invitation | null> {
  const viewer = requireViewer(scope);
  const invitation = await invitations.load(scope, id.toLowerCase());
  return invitation?.userId === viewer.id ? invitation : null;
}
