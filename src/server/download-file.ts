import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { openFile, type OpenedFile } from '../chat/files/open-file.ts';
import { notFound } from '../errors.ts';
import { holderOf } from '../holder.ts';
import type { Scope } from '../scope.ts';
import type { ByteRange } from '../storage/file-store.ts';
import { parseRange } from './byte-range.ts';
import type { FileTransfers } from './file-transfers.ts';
import type { Outbox } from './outbox.ts';
import { sendPieces } from './send-response.ts';

/** Browsers run nothing in a file, do not guess its type, and isolate it from other pages. */
const alwaysServed = {
  'content-security-policy':
    "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'",
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cache-control': 'private, no-cache',
  vary: 'authorization, cookie, origin',
};

interface Download {
  readonly scope: Scope;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly outbox: Outbox;
  readonly transfers: FileTransfers;
}

/**
 * Answers `GET /files/<id>` and `GET /files/<id>/thumbnail`, and HEAD. Only an answer whose bytes
 * pass through this node counts as a transfer.
 */
export async function downloadFile(
  { scope, request, response, outbox, transfers }: Download,
  [id = '', variant]: readonly string[],
): Promise<void> {
  const file = await openFile(scope, id, variant);
  const { status, headers, range } = describeAnswer(request, file);
  if (request.method === 'HEAD' || (status !== 200 && status !== 206))
    return void response.writeHead(status, headers).end();
  const url = await file.url();
  if (url !== undefined) return redirect(response, url);
  await transfers.count({ holder: holderOf(scope), address: scope.address }, async () => {
    const pieces = await file.read(range);
    if (!pieces) throw notFound('The bytes of this file are missing on this server.');
    response.writeHead(status, headers);
    await sendPieces(pieces, response, outbox);
  });
}

interface Answer {
  readonly status: 200 | 206 | 304 | 416;
  readonly headers: OutgoingHttpHeaders;
  /** The bytes to send; undefined for all of them. */
  readonly range?: ByteRange;
}

function describeAnswer({ headers: asked }: IncomingMessage, file: OpenedFile): Answer {
  const { etag, contentType, disposition, sizeBytes } = file;
  const headers = { ...alwaysServed, etag, 'accept-ranges': 'bytes' };
  if (includesEtag(asked['if-none-match'], etag)) return { status: 304, headers };
  // The rest of other bytes would be useless.
  const isCurrent = asked['if-range'] === undefined || asked['if-range'] === etag;
  const range = isCurrent ? parseRange(asked.range, sizeBytes) : undefined;
  if (range === 'unsatisfiable') {
    const empty = { 'content-range': `bytes */${sizeBytes}`, 'content-length': 0 };
    return { status: 416, headers: { ...headers, ...empty } };
  }
  const described = {
    ...headers,
    'content-type': contentType === 'text/plain' ? 'text/plain; charset=utf-8' : contentType,
    'content-disposition': disposition,
  };
  if (!range) return { status: 200, headers: { ...described, 'content-length': sizeBytes } };
  const { start, end } = range;
  const part = {
    'content-length': end - start + 1,
    'content-range': `bytes ${start}-${end}/${sizeBytes}`,
  };
  return { status: 206, headers: { ...described, ...part }, range };
}

const includesEtag = (header: string | undefined, etag: string): boolean =>
  header?.split(',').some((one) => [etag, `W/${etag}`, '*'].includes(one.trim())) ?? false;

function redirect(response: ServerResponse, location: string): void {
  const headers = { 'cache-control': 'private, no-store', 'referrer-policy': 'no-referrer' };
  response.writeHead(302, { ...headers, location }).end();
}
