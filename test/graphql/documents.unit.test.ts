import { GraphQLError, type OperationDefinitionNode } from 'graphql';
import { describe, expect, it } from 'vitest';
import { defaultLimits } from '../../src/limits.ts';
import { Allowance } from '../../src/graphql/allowance.ts';
import { createDocuments } from '../../src/graphql/documents.ts';
import { schema } from '../../src/schema.ts';

describe('documents', () => {
  it('are parsed once and cached if they are valid', () => {
    const documents = createDocuments(schema, defaultLimits);
    const prepare = (text: string) => documents.prepare(text, 'here').document;
    expect(prepare('{ viewer { id } }')).toBe(prepare('{ viewer { id } }'));
    expect(prepare('{ nothing }')).not.toBe(prepare('{ nothing }'));
  });

  it('still report the location of errors after they were cached', () => {
    const documents = createDocuments(schema, defaultLimits);
    const { document } = documents.prepare('{\n  viewer { id }\n}', 'here');
    const [operation] = document!.definitions as OperationDefinitionNode[];
    const error = new GraphQLError('away', { nodes: operation!.selectionSet.selections });
    expect(error.locations).toEqual([{ line: 2, column: 3 }]);
  });

  it('cost as much as their variables demand, regardless of earlier variables', () => {
    const documents = createDocuments(schema, defaultLimits);
    const prepare = (text: string) => documents.prepare(text, 'here').document!;
    const paged = prepare(
      'query ($id: ID!, $first: Int) { room(id: $id) { members(first: $first) { edges { cursor } } } }',
    );
    const fixed = prepare(
      'query ($id: ID!) { room(id: $id) { members(first: 10) { edges { cursor } } } }',
    );
    const costOf = (document: typeof paged, variables: Record<string, unknown>, name?: string) =>
      documents.admit(document, name, variables).operation;
    expect(costOf(paged, { first: 5 })).toBe(0);
    expect(costOf(paged, { id: 'a', first: 5 })).toBe(106);
    expect(costOf(paged, { id: 'a', first: 100 })).toBe(201);
    expect(costOf(fixed, {})).toBe(0);
    expect(costOf(fixed, { id: 'a' }, 'Unknown')).toBe(0);
    expect(costOf(fixed, { id: 'a' })).toBe(111);
  });
  it.each([
    ['cannot become a string', { toString: 1 }],
    ['reads like a number', '7'],
    ['is a list of one number', [7]],
  ])('[P13] leave a page size that %s to execution, which refuses it', (_kind, first) => {
    const documents = createDocuments(schema, defaultLimits, { isRated: false });
    const document = documents.prepare(
      'query ($first: Int) { rooms(first: $first) { edges { cursor } } }',
      'address',
    ).document!;
    expect(documents.admit(document, undefined, { first: 7 }).operation).toBeGreaterThan(0);
    expect(documents.admit(document, undefined, { first })).toEqual({ operation: 0, event: 0 });
  });
});

describe('the allowance for new documents', () => {
  it('[P13] is a burst and then a rate for each address', () => {
    const allowance = new Allowance(1000, 100);
    let now = 0;
    const take = (address = 'eve', characters = 400) => allowance.take(address, characters, now);
    // The last one may exceed the remaining allowance.
    expect([take(), take(), take()]).toEqual([0, 0, 0]);
    expect(take()).toBe(2010);
    expect(take('ann')).toBe(0);
    now += 2010;
    expect(take()).toBe(0);
    expect(take()).toBeGreaterThan(0);
  });

  it('[P13] gives each address only its share over time', () => {
    const allowance = new Allowance(1000, 100);
    let parsed = 0;
    for (let now = 0; now < 60_000; now += 10)
      if (allowance.take('eve', 50, now) === 0) parsed += 50;
    expect(parsed).toBeLessThanOrEqual(1000 + 60 * 100 + 50);
    expect(parsed).toBeGreaterThan(1000 + 59 * 100 - 50);
  });

  it('[P13] applies to unknown documents, valid or not, and can be switched off', () => {
    const limits = { ...defaultLimits, newDocumentsBurst: 100, newDocumentsPerSecond: 1 };
    const refusedOf = (isRated: boolean) => {
      const documents = createDocuments(schema, limits, { isRated });
      const codeOf = (text: string, address = 'eve') =>
        documents.prepare(text, address).errors[0]?.extensions.code;
      expect(codeOf('{ viewer { id } }')).toBeUndefined();
      const codes = Array.from({ length: 20 }, (_, place) => codeOf(`{ nothing${place} }`));
      expect(codeOf('{ viewer { id } }')).toBeUndefined();
      expect(codeOf('{ viewer { username } }', 'ann')).toBeUndefined();
      return codes.filter((code) => code === 'RATE_LIMITED').length;
    };
    expect(refusedOf(true)).toBeGreaterThan(10);
    expect(refusedOf(false)).toBe(0);
  });
});
