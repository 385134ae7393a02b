import type { Database } from '../../db/database.ts';
import type { File, Prisma } from '../../db/generated/client.ts';
import { createRowLoader } from '../../loaders.ts';

/** A file that a user uploads or has uploaded. */
export type FileRow = File;

/** The row, without a check of permission. */
export const fileById = createRowLoader<FileRow>(
  () => undefined,
  ({ node }, ids) => node.database.prisma.file.findMany({ where: { id: { in: ids } } }),
);

/** Whether the file is to be deleted. Its row stays until its bytes are gone. */
export const isExpired = ({ expiresAt }: Pick<FileRow, 'expiresAt'>): boolean =>
  expiresAt !== null && expiresAt <= new Date();

/** The complete files that are not about to be deleted. */
export const isKept = (): Prisma.FileWhereInput => ({
  completedAt: { not: null },
  OR: [{ expiresAt: null }, { expiresAt: { gt: new Date() } }],
});

/** The kept files, or those of one store, in pages in the order of their ids. */
export async function* keptFiles(
  { prisma }: Pick<Database, 'prisma'>,
  take: number,
  store?: string,
): AsyncGenerator<FileRow[]> {
  for (let after = ''; ;) {
    const page = await prisma.file.findMany({
      where: { ...isKept(), ...(store && { store }), ...(after && { id: { gt: after } }) },
      orderBy: { id: 'asc' },
      take,
    });
    yield page;
    const last = page.at(-1);
    if (!last) return;
    after = last.id;
  }
}
