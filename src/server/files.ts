import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { filesPath } from '../chat/files/part-links.ts';
import type { Authenticator } from '../chat/people/authenticator.ts';
import { unauthenticated } from '../errors.ts';
import type { Node } from '../scope.ts';
import { createClientAddress } from './client-address.ts';
import { downloadFile } from './download-file.ts';
import { allowOrigin } from './file-origins.ts';
import { createFileTransfers } from './file-transfers.ts';
import { requestIdHeader } from './http.ts';
import type { Outboxes } from './outboxes.ts';
import { refusalResponse } from './refusal-response.ts';
import { createRequestScope } from './request-scope.ts';
import { sendResponse } from './send-response.ts';
import { uploadPart } from './upload-part.ts';

interface Parts {
  readonly node: Node;
  readonly authenticator: Authenticator;
  readonly outboxes: Outboxes;
}

const uploadsPath = `${filesPath}uploads/`;

/**
 * Takes the parts of uploads and serves files, while the bytes pass through: a node never holds a
 * file in memory [P5] [P13].
 */
export function createFileHandlers({
  node,
  authenticator,
  outboxes,
}: Parts): Record<string, RequestListener> {
  const scopeOf = createRequestScope(node, authenticator);
  const clientAddress = createClientAddress(node.config.TRUSTED_PROXIES);
  const transfers = createFileTransfers(node);

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    allowOrigin(node.config, request, response);
    const path = request.url!.split('?', 1)[0]!;
    const allowed = path.startsWith(uploadsPath) ? ['PUT'] : ['GET', 'HEAD'];
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    if (!allowed.includes(request.method ?? ''))
      return void response.writeHead(405, { allow: allowed.join(', '), connection: 'close' }).end();
    try {
      if (request.method === 'PUT')
        await uploadPart({ node, request, response, address: clientAddress(request), transfers });
      else await download(request, response, path.slice(filesPath.length).split('/'));
    } catch (error) {
      await refuse(error, request, response);
    }
  }

  async function download(
    request: IncomingMessage,
    response: ServerResponse,
    names: readonly string[],
  ): Promise<void> {
    const scope = await scopeOf(request, requestIdOf(response));
    if (!scope)
      throw unauthenticated(
        'You are not signed in. Send the access token with the request, for example in the Authorization header.',
      );
    const outbox = outboxes.of(request.socket);
    await downloadFile({ scope, request, response, outbox, transfers }, names);
  }

  async function refuse(
    error: unknown,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (response.headersSent || response.destroyed || request.socket.destroyed)
      return void response.destroy();
    // The node does not read the rest of the body.
    if (request.method === 'PUT') response.setHeader('connection', 'close');
    const answer = refusalResponse(node, error, requestIdOf(response));
    await sendResponse(answer, response, outboxes.of(request.socket));
  }

  return { [filesPath]: handle };
}

const requestIdOf = (response: ServerResponse) => String(response.getHeader(requestIdHeader));
