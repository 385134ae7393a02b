import { notFound } from '../../errors.ts';
import { isId } from '../../ids.ts';
import { createLoader } from '../../loaders.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { attachmentIdsOf, messageById, type MessageRow } from '../messages/message-row.ts';
import { findVisibleMessage } from '../messages/visible-message.ts';
import { fileById, type FileRow } from './file-rows.ts';
import { filesPath } from './part-links.ts';
import { findUnsent } from './uploads.ts';

declare module '../../scope.ts' {
  interface Services {
    /** Whether the viewer reviews this message, because somebody reported it. */
    readonly reviews: (scope: Scope, message: MessageRow) => Promise<boolean>;
  }
}

/** The files of a message, in their order. Everyone who may see the message may see them. */
export async function attachmentsOf(scope: Scope, message: MessageRow): Promise<FileRow[]> {
  const ids = attachmentIdsOf(message);
  if (ids.length === 0) return [];
  const files = await Promise.all(ids.map((id) => fileById.load(scope, id)));
  return files.filter((file) => file !== null);
}

/** The address of a file, or of its thumbnail. A path of this server without FILES_URL. */
export const addressOf = ({ node }: Scope, { id }: FileRow, variant = ''): string =>
  `${node.config.FILES_URL ?? ''}${filesPath}${id}${variant}`;

/** The message with a file, by the id of the file. Null for a file that was not sent. */
const messageIdOf = createLoader<string, string | null>(async ({ node }, ids) => {
  const rows = await node.database.prisma.messageFile.findMany({
    where: { fileId: { in: [...ids] } },
  });
  const found = new Map(rows.map(({ fileId, messageId }) => [fileId, messageId]));
  return ids.map((id) => found.get(id) ?? null);
});

/**
 * A complete file that the viewer may see: of a message that they can see, or their own that is not
 * sent yet. Otherwise null, the same as for a file that does not exist.
 */
export async function findAttachment(scope: Scope, id: string): Promise<FileRow | null> {
  if (!scope.service?.scopes.has('events')) requireViewer(scope);
  if (!isId(id)) return null;
  const key = id.toLowerCase();
  const messageId = await messageIdOf.load(scope, key);
  if (messageId === null) return scope.service ? null : findUnsent(scope, key);
  return (await maySee(scope, messageId)) ? fileById.load(scope, key) : null;
}

async function maySee(scope: Scope, messageId: string): Promise<boolean> {
  if (scope.service) return true;
  if (await findVisibleMessage(scope, messageId)) return true;
  const message = await messageById.load(scope, messageId);
  return message !== null && scope.node.services.reviews(scope, message);
}

/** The same, with NOT_FOUND instead of null. */
export async function visibleAttachment(scope: Scope, id: string): Promise<FileRow> {
  const file = await findAttachment(scope, id);
  if (!file) throw notFound('There is no such file, or you may not see it. Check the address.');
  return file;
}
