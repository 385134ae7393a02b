import { describe } from 'vitest';
import { startNode } from '../support/start-node.ts';
import { describePush } from './push.suite.ts';

describe('pushes, with the embedded database', () =>
  describePush(async (options) => {
    const node = await startNode({ ...options, isEmbedded: true });
    return Object.assign([node], {
      [Symbol.asyncDispose]: () => node[Symbol.asyncDispose](),
    });
  }));
