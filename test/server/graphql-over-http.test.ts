import { serverAudits } from 'graphql-http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startNode, type TestNode } from '../support/start-node.ts';

let node: TestNode;

beforeAll(async () => {
  node = await startNode();
});

afterAll(() => node[Symbol.asyncDispose]());

describe('the audits of GraphQL over HTTP', () => {
  it.each(serverAudits({ url: () => node.url }).map((audit) => [audit.name, audit] as const))(
    '%s',
    async (_name, audit) => {
      const { status, ...result } = await audit.fn();
      expect({ status, reason: 'reason' in result ? result.reason : undefined }).toEqual({
        status: 'ok',
      });
    },
  );
});
