import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { pino } from 'pino';
import { beforeAll, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { documentIds } from '../../client/src/document-ids.ts';
import { readTrustedDocuments } from '../../src/graphql/trusted-documents.ts';
import { sdkDocuments } from '../../src/graphql/generated/sdk-documents.ts';
import { operations } from '../../client/src/index.ts';
import { query, type GraphQLRefused } from '../support/person.ts';
import { connectSdk, takeAll } from '../support/sdk.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const version = 'query Version {\n  serverInfo { version }\n}';
const lobby = 'subscription { lobby { __typename } }';
const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

let folder: string;
/** As GraphQL Code Generator, Relay and gql.tada write it. */
let byId: string;
/** As Apollo writes it. */
let apollo: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'causerie-documents-'));
  byId = join(folder, 'by-id.json');
  apollo = join(folder, 'apollo.json');
  await writeFile(byId, JSON.stringify({ 'version-1': version }));
  await writeFile(
    apollo,
    JSON.stringify({
      format: 'apollo-persisted-query-manifest',
      version: 1,
      operations: [{ id: 'lobby-1', body: lobby, name: 'Lobby', type: 'subscription' }],
    }),
  );
});

const startTrusting = (TRUSTED_DOCUMENTS: string) =>
  startNode({ settings: { RATE_LIMITS: 'off', TRUSTED_DOCUMENTS } });

/** Sends a request over HTTP, and returns the answer or the code of the error. */
async function post(node: TestNode, body: Record<string, unknown>): Promise<unknown> {
  const response = await fetch(node.url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return outcomeOf(await response.json());
}

async function get(node: TestNode, parameters: Record<string, string>): Promise<unknown> {
  return outcomeOf(await (await fetch(`${node.url}?${new URLSearchParams(parameters)}`)).json());
}

const outcomeOf = ({ data, errors }: any) => errors?.[0].extensions.code ?? Object.keys(data)[0];

async function overSocket(node: TestNode, payload: Record<string, unknown>): Promise<unknown> {
  const client = createClient({ url: node.wsUrl, webSocketImpl: WebSocket, retryAttempts: 0 });
  try {
    for await (const result of client.iterate<any>({ query: '', ...payload }))
      return outcomeOf(result);
    return undefined;
  } catch (errors) {
    return outcomeOf({ errors });
  } finally {
    await client.dispose();
  }
}

const bySha = (text: string) => ({
  extensions: { persistedQuery: { version: 1, sha256Hash: sha256(text) } },
});

it('[P13] only documents of the files run, over HTTP and over the socket', async () => {
  await using node = await startTrusting(`${byId},${apollo}`);
  for (const send of [post, overSocket]) {
    for (const known of [
      { query: version },
      { query: 'query Version { serverInfo { version } }' },
      { documentId: 'version-1' },
      { documentId: `sha256:${sha256(version)}` },
      bySha(version),
    ])
      expect(await send(node, known), JSON.stringify(known)).toBe('serverInfo');
    for (const untrusted of [
      '{ serverInfo { version } }',
      'query Version { serverInfo { version time } }',
      '{ __schema { types { name } } }',
      'not a document',
    ])
      expect(await send(node, { query: untrusted }), untrusted).toBe('FORBIDDEN');
    for (const unknown of [{ documentId: 'version-2' }, bySha('{ viewer { id } }')])
      expect(await send(node, unknown), JSON.stringify(unknown)).toBe('NOT_FOUND');
    // The methods of the SDK are not in these files.
    expect(await send(node, { query: operations.serverInfo[1] })).toBe('FORBIDDEN');
  }
  expect(await get(node, { documentId: 'version-1' })).toBe('serverInfo');
  expect(await get(node, { extensions: JSON.stringify(bySha(version).extensions) })).toBe(
    'serverInfo',
  );
  expect(await post(node, { documentId: 7 })).toBe('NOT_FOUND');
  const { message } = await query(node.url, '{ viewer { id } }').catch(
    (error: GraphQLRefused) => error,
  );
  expect(message).toContain('TRUSTED_DOCUMENTS');
});

it('a subscription runs by its id', async () => {
  await using node = await startTrusting(`${apollo},client`);
  const causerie = connectSdk({ url: node.url });
  const session = await causerie.signInAsGuest({ displayName: 'Gina' });
  const client = createClient({
    url: node.wsUrl,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${session.accessToken}` },
  });
  const payload = { query: '', documentId: 'lobby-1' };
  for await (const { data } of client.iterate<any>(payload)) {
    expect(data.lobby.__typename).toBe('LobbySnapshot');
    break;
  }
  await client.dispose();
  causerie.close();
});

it('the SDK works with `client` among the files, by texts and by ids', async () => {
  await using node = await startTrusting('client');
  for (const ids of [undefined, documentIds]) {
    const bodies: string[] = [];
    const recording: typeof fetch = (url, init) => {
      bodies.push(init!.body as string);
      return fetch(url, init);
    };
    const causerie = connectSdk({ url: node.url, documentIds: ids, fetch: recording });
    await causerie.signInAsGuest({ displayName: 'Gina' });
    const { id: roomId } = await causerie.joinRoom({ name: 'lobby' });
    const taken = takeAll(causerie.roomMessages({ roomId }));
    await until('it follows', () => taken.events.length > 0);
    await causerie.sendMessage({ conversationId: roomId, body: 'Hello' });
    await until('it has received the message', () => taken.events.length > 1);
    const sentTexts = bodies.filter((body) => 'query' in JSON.parse(body));
    expect(sentTexts).toHaveLength(ids ? 0 : bodies.length);
    await expect(causerie.ask('{ serverInfo { version } }' as never)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    causerie.close();
  }
});

it('the SDK sends the text of a document whose id the server does not know, and then no id for it', async () => {
  await using node = await startTrusting('client');
  // As those of another version.
  const unknown = new Map([...documentIds].map(([text, id]) => [text, `${id}0`]));
  const bodies: any[] = [];
  const causerie = connectSdk({
    url: node.url,
    documentIds: unknown,
    fetch: (url, init) => {
      bodies.push(JSON.parse(init!.body as string));
      return fetch(url, init);
    },
  });
  await causerie.signInAsGuest({ displayName: 'Gina' });
  expect(bodies.map((body) => Object.keys(body)[0])).toEqual(['documentId', 'query']);
  const { id: roomId } = await causerie.joinRoom({ name: 'lobby' });
  const taken = takeAll(causerie.roomMessages({ roomId }));
  await until('it follows', () => taken.events.length > 0);
  const before = bodies.length;
  for (const body of ['one', 'two']) await causerie.sendMessage({ conversationId: roomId, body });
  expect(bodies.slice(before).map((body) => Object.keys(body)[0])).toEqual([
    'documentId',
    'query',
    'query',
  ]);
  await until('it has received both', () => taken.events.length > 2);
  // An error of the application is no reason to repeat anything.
  const after = bodies.length;
  await expect(
    causerie.deleteMessage({ messageId: '00000000-0000-7000-8000-000000000000' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(bodies.length).toBe(after + 2);
  await expect(
    causerie.deleteMessage({ messageId: '00000000-0000-7000-8000-000000000000' }),
  ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  expect(bodies.length).toBe(after + 3);
  causerie.close();
});

it('without the setting all documents run, and those of the SDK have ids as well', async () => {
  await using node = await startNode();
  expect(await post(node, { query: '{ serverInfo { version } }' })).toBe('serverInfo');
  expect(await post(node, { documentId: documentIds.get(operations.serverInfo[1]) })).toBe(
    'serverInfo',
  );
  expect(await post(node, bySha('{ serverInfo { version } }'))).toBe('NOT_FOUND');
  expect([...documentIds.keys()]).toEqual([...sdkDocuments]);
});

it('GraphiQL is off, and the page says why', async () => {
  await using node = await startTrusting('client');
  const page = await fetch(node.url, { headers: { accept: 'text/html' } });
  expect(page.status).toBe(403);
  expect(await page.text()).toContain('TRUSTED_DOCUMENTS');
});

it('a file that cannot be used stops the start, and a document that no longer fits is logged', async () => {
  expect(() => readTrustedDocuments([join(folder, 'missing.json')])).toThrow(/missing\.json/);
  const list = join(folder, 'list.json');
  for (const content of ['no json', '[]', '"text"', '{"a": 1}', '{"operations": [{"id": "a"}]}']) {
    await writeFile(list, content);
    if (content === '[]') expect(readTrustedDocuments([list]).texts.size).toBe(0);
    else expect(() => readTrustedDocuments([list]), content).toThrow(/TRUSTED_DOCUMENTS/);
  }
  const old = join(folder, 'old.json');
  await writeFile(old, JSON.stringify({ old: 'query Old { viewer { shoeSize } }' }));
  const lines: string[] = [];
  const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
  await using _node = await startNode({ log, settings: { TRUSTED_DOCUMENTS: old } });
  expect(lines.join('')).toContain('shoeSize');
});
