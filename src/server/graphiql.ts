import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import { policyOf } from './graphiql-policy.ts';
import { sessionScript, withSession } from './graphiql-session.ts';
import { tabs } from './graphiql-tabs.ts';
import { sendShared } from './shared-body.ts';

interface Page {
  readonly compressed: Buffer;
  readonly etag: string;
  readonly policy: string;
}

let page: Promise<Page> | undefined;
/**
 * For clients that do not accept gzip. Browsers do, so it is decompressed only when such a client
 * asks.
 */
let plainPage: Promise<Buffer> | undefined;

const options = {
  title: 'Causerie',
  // Subscriptions use the socket, and each carries the headers of the Headers tab.
  subscriptionsProtocol: 'WS' as const,
  // A stored token would outlive its session.
  shouldPersistHeaders: false,
  defaultTabs: [...tabs],
};
/** GraphiQL shows the variables of the first tab only if they are in its storage. */
const firstVariables = `<script>localStorage['graphiql:variables'] ??= ${JSON.stringify(tabs[0]!.variables)}</script>`;

/** GraphiQL moves a tab while it is pressed, so that a release can miss it. */
const steadyTabs = '<style>.graphiql-tab { transform: none !important }</style>';

/** Whether a browser asks for a page. */
export const asksForGraphiQL = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true;

/**
 * Sends GraphiQL as one page that loads nothing from other hosts. The page has 9 MB: it is made for
 * the first request, stays compressed in memory, and all responses share its buffer.
 */
export async function sendGraphiQL(
  { method, headers }: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  page ??= makePage();
  const { compressed, etag, policy } = await page;
  response
    .setHeader('cache-control', 'no-cache')
    .setHeader('etag', etag)
    .setHeader('vary', 'accept, accept-encoding')
    .setHeader('content-security-policy', policy)
    .setHeader('x-content-type-options', 'nosniff');
  if (headers['if-none-match'] === etag) return void response.writeHead(304).end();
  const takesGzip = /\bgzip\b/.test(String(headers['accept-encoding']));
  const body = takesGzip
    ? compressed
    : await (plainPage ??= promisify<Buffer, Buffer>(gunzip)(compressed));
  response.writeHead(200, {
    'content-type': 'text/html; charset=utf-8',
    'content-length': body.length,
    ...(takesGzip && { 'content-encoding': 'gzip' }),
  });
  if (method === 'HEAD') response.end();
  else sendShared(response, body);
}

async function makePage(): Promise<Page> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql');
  const html = withSession(renderGraphiQL(options)).replace(
    '<div id="root">',
    (root) => steadyTabs + firstVariables + sessionScript + root,
  );
  const compressed = await promisify(gzip)(html);
  return {
    compressed,
    policy: policyOf(html),
    etag: `"${createHash('sha256').update(compressed).digest('base64url').slice(0, 16)}"`,
  };
}
