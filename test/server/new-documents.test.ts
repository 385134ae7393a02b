import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { GraphQLRefused, query } from '../support/person.ts';
import { startNode, type TestNode } from '../support/start-node.ts';

const limits = { newDocumentsBurst: 1000, newDocumentsPerSecond: 1 };
const known = '{ serverInfo { version } }';
const invalid = (place: number) => `{ nothing${place} { ${'a '.repeat(50)} } }`;

async function ask(node: TestNode, document: string): Promise<unknown> {
  const client = createClient({
    url: node.wsUrl,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  try {
    for await (const { data } of client.iterate({ query: document })) return data;
  } catch (error) {
    throw Array.isArray(error) ? new GraphQLRefused(error[0]) : error;
  } finally {
    await client.dispose();
  }
}

const transports: [string, (node: TestNode, document: string) => Promise<unknown>][] = [
  ['over HTTP', (node, document) => query(node.url, document)],
  ['over the socket', ask],
];

async function codesOfFlood(
  node: TestNode,
  send: (node: TestNode, document: string) => Promise<unknown>,
): Promise<(string | undefined)[]> {
  const codes: (string | undefined)[] = [];
  for (let place = 0; place < 20; place++)
    await send(node, invalid(place)).catch(({ code }: GraphQLRefused) => codes.push(code));
  return codes;
}

describe.each(transports)('documents that are new to a node, %s', (_name, send) => {
  let node: TestNode;
  let unlimited: TestNode;
  beforeAll(async () => {
    node = await startNode({ limits });
    unlimited = await startNode({ limits, settings: { RATE_LIMITS: 'off' } });
  });
  afterAll(async () => {
    await node[Symbol.asyncDispose]();
    await unlimited[Symbol.asyncDispose]();
  });

  it('[P13] are limited for an address before sign-in, over every transport', async () => {
    await send(node, known);
    const codes = await codesOfFlood(node, send);
    expect(codes.filter((code) => code === 'GRAPHQL_VALIDATION_FAILED').length).toBeLessThan(12);
    expect(codes.at(-1)).toBe('RATE_LIMITED');
    for (const [, other] of transports) {
      await expect(other(node, '{ serverInfo { time } }')).rejects.toMatchObject({
        code: 'RATE_LIMITED',
        message: expect.stringMatching(/variables/),
        extensions: { retryAfterMs: expect.any(Number) },
      });
      await expect(other(node, known)).resolves.toBeDefined();
    }
  });

  it('control: are all parsed without the limit', async () => {
    const codes = await codesOfFlood(unlimited, send);
    expect(new Set(codes)).toEqual(new Set(['GRAPHQL_VALIDATION_FAILED']));
  });
});
