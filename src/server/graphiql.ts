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
/** For clients that do not take it compressed, which no browser is: unpacked once, when the first of them asks. */
let plainPage: Promise<Buffer> | undefined;

const options = {
  title: 'Causerie',
  // Over the socket it sends what its Headers tab says with each subscription.
  subscriptionsProtocol: 'WS' as const,
  // Kept, a token would outlive its session in the browser's storage.
  shouldPersistHeaders: false,
  defaultTabs: [...tabs],
};
/** It leaves out the variables of the first tab, unless they are in its storage. */
const firstVariables = `<script>localStorage['graphiql:variables'] ??= ${JSON.stringify(tabs[0]!.variables)}</script>`;

/** It begins with its tabs displaced for who presses one, so that the release misses it. */
const steadyTabs = '<style>.graphiql-tab { transform: none !important }</style>';

/** Whether somebody looks at the API with a browser. */
export const asksForGraphiQL = ({ method, headers }: IncomingMessage): boolean =>
  (method === 'GET' || method === 'HEAD') && headers.accept?.includes('text/html') === true;

/** GraphiQL as one page that loads nothing from elsewhere. It is 9 MB, so it is made when first asked for, kept compressed, and sent from one buffer. */
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
