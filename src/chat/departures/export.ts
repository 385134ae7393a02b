import type { Database } from '../../db/database.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { spend } from '../policy/allowances.ts';
import { lists } from './exported-lists.ts';

type Prisma = Database['prisma'];

/** The password hash is not part of the export. */
const readAccount = (prisma: Prisma, id: string) =>
  prisma.user.findUniqueOrThrow({
    where: { id },
    select: {
      id: true,
      username: true,
      displayName: true,
      avatarUrl: true,
      role: true,
      isGuest: true,
      isBot: true,
      issuer: true,
      subject: true,
      claimsAt: true,
      claimedProfile: true,
      metadata: true,
      createdAt: true,
      lastSeenAt: true,
      suspendedUntil: true,
      suspensionReason: true,
    },
  });

/**
 * All data about the viewer as the pieces of a JSON object, with dates as strings. Each call of the
 * returned function reads it again. A page of rows is read when the piece before it was taken, so
 * the export needs little memory, whatever its size [P13].
 */
export async function exportMyData(scope: Scope): Promise<() => AsyncIterable<string>> {
  const viewer = requireViewer(scope);
  await spend(scope, 'export-data');
  return () => piecesOfExport(scope.node.database.prisma, viewer.id);
}

async function* piecesOfExport(prisma: Prisma, userId: string): AsyncGenerator<string> {
  const beginning = { exportedAt: new Date(), account: await readAccount(prisma, userId) };
  yield JSON.stringify(beginning).slice(0, -1);
  for (const [name, pages] of Object.entries(lists)) {
    yield `,"${name}":[`;
    let separator = '';
    for await (const rows of pages(prisma, userId)) {
      yield separator + rows.map((row) => JSON.stringify(row)).join(',');
      separator = ',';
    }
    yield ']';
  }
  yield '}';
}

/**
 * All data about a user as JSON lines with a `type`: the account, a line for each row of a list,
 * and last a line of the type `end`, without which the export is incomplete. Reads as little at
 * once as the export of the viewer.
 */
export async function* linesOfExport(prisma: Prisma, userId: string): AsyncGenerator<string> {
  const line = (type: string, data: unknown) => `${JSON.stringify({ type, data })}\n`;
  yield line('account', await readAccount(prisma, userId));
  for (const [name, pages] of Object.entries(lists))
    for await (const rows of pages(prisma, userId))
      yield rows.map((row) => line(name, row)).join('');
  yield line('end', { exportedAt: new Date() });
}
