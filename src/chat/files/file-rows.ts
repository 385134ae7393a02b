import type { File } from '../../db/generated/client.ts';
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
