import type { IncomingMessage, ServerResponse } from 'node:http';
import { parsePartLink } from '../chat/files/part-links.ts';
import { expectedPart, receivePart } from '../chat/files/receive-part.ts';
import { notFound } from '../errors.ts';
import type { Node } from '../scope.ts';
import type { FileTransfers } from './file-transfers.ts';
import { pacedBody } from './paced-body.ts';

interface PartUpload {
  readonly node: Node;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The address of the client. */
  readonly address: string;
  readonly transfers: FileTransfers;
}

/** Answers `PUT /files/uploads/<id>/<number>`: it stores the body as a part of an upload. */
export async function uploadPart({
  node,
  request,
  response,
  address,
  transfers,
}: PartUpload): Promise<void> {
  const link = parsePartLink(request.url ?? '');
  if (!link) throw notFound('There is no such address.');
  const part = await expectedPart(node, link);
  await transfers.count({ holder: part.file.ownerId, address }, async () => {
    const etag = await receivePart(node, part, pacedBody(request, node.config.limits));
    response.writeHead(200, { etag: `"${etag}"`, 'content-length': 0 }).end();
  });
}
