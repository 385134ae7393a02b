import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Authenticator } from '../chat/people/authenticator.ts';
import { exportPath, openExport } from '../chat/departures/export-links.ts';
import { unauthenticated } from '../errors.ts';
import type { Node } from '../scope.ts';
import { requestIdHeader } from './http.ts';
import type { Outboxes } from './outboxes.ts';
import { refusalResponse } from './refusal-response.ts';
import { createRequestScope } from './request-scope.ts';
import { sendResponse } from './send-response.ts';

interface Parts {
  readonly node: Node;
  readonly authenticator: Authenticator;
  readonly outboxes: Outboxes;
}

/** Serves the links of `exportUser`: a stream of JSON lines, which the client may read slowly. */
export function createExportHandlers({
  node,
  authenticator,
  outboxes,
}: Parts): Record<string, RequestListener> {
  const scopeOf = createRequestScope(node, authenticator);

  async function open(request: IncomingMessage, requestId: string): Promise<Response> {
    try {
      const scope = await scopeOf(request, requestId);
      if (!scope?.service)
        throw unauthenticated('Send the service token with which you called `exportUser`.');
      const of = new URL(request.url ?? '/', 'http://localhost').searchParams.get('of') ?? '';
      return streamOf(await openExport(scope, of));
    } catch (error) {
      return refusalResponse(node, error, requestId);
    }
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    const answer = await open(request, String(response.getHeader(requestIdHeader)));
    await sendResponse(answer, response, outboxes.of(request.socket));
  }

  return { [exportPath]: handle };
}

function streamOf(lines: AsyncIterable<string>): Response {
  const pieces = lines[Symbol.asyncIterator]();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const next = await pieces.next();
      if (next.done) controller.close();
      else controller.enqueue(Buffer.from(next.value));
    },
    async cancel() {
      await pieces.return?.();
    },
  });
  return new Response(body, {
    headers: { 'content-type': 'application/jsonl; charset=utf-8', 'cache-control': 'no-store' },
  });
}
