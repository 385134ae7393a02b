import { requireViewer, type Scope } from '../../scope.ts';
import type { MessageRow } from '../messages/message-row.ts';
import { reachOf } from './reports-in-reach.ts';

/** Whether there is a report of the message that the viewer may see. */
export async function reviews(scope: Scope, { id }: MessageRow): Promise<boolean> {
  const report = await scope.node.database.prisma.report.findFirst({
    where: { AND: [{ messageId: id }, reachOf(requireViewer(scope))] },
    select: { id: true },
  });
  return report !== null;
}
