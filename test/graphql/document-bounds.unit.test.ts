import {
  getIntrospectionQuery,
  parse,
  specifiedRules,
  validate,
  visit,
  type DocumentNode,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { operations } from '../../client/src/index.ts';
import { defaultLimits } from '../../src/limits.ts';
import { exceededBound } from '../../src/graphql/document-bounds.ts';
import { createDocuments } from '../../src/graphql/documents.ts';
import { schema } from '../../src/schema.ts';
import { tabs } from '../../src/server/graphiql-tabs.ts';

/** How often validation may look at the fields of a document: so many looks take a few ms. */
const mostLooks = 8000;

const many = (count: number, write: (place: number) => string) =>
  Array.from({ length: count }, (_, place) => write(place)).join(' ');

const types = ['MessageSent', 'MessageEdited', 'MessageDeleted'];
const userFields = 'id username displayName avatarUrl role isGuest createdAt isOnline lastSeenAt';
const messageFields = `id seq body createdAt author { ${userFields} } mentions { ${userFields} }`;

/**
 * Documents that make the rules of validation compare each part with each, by how many parts they
 * have.
 */
const hostile: [string, (parts: number) => string][] = [
  [
    'one field again and again',
    (parts) => `{ ${many(parts, () => 'serverInfo { limits { pageMax } }')} }`,
  ],
  [
    'fragments beside each other',
    (parts) =>
      `{ ${many(parts, (place) => `...F${place}`)} } ${many(parts, (place) => `fragment F${place} on Query { serverInfo { version } }`)}`,
  ],
  [
    'operations with the same fragments',
    (parts) =>
      `${many(parts, (place) => `query Q${place} { ...F0 }`)} ${many(parts, (place) => `fragment F${place} on Query { serverInfo { version } ...F${place + 1} }`)} fragment F${parts} on Query { __typename }`,
  ],
  [
    'types of events, each with all of the message',
    (parts) =>
      `subscription { roomMessages(roomId: "a") { ${many(parts, (place) => `... on ${types[place % 3]} { message { ${messageFields} } }`)} } }`,
  ],
  ['leaves', (parts) => `{ ${many(parts, () => '__typename')} }`],
];

/** How often the rules of validation look at the fields of a document. */
function countLooks(document: DocumentNode): number {
  let looks = 0;
  visit(document, {
    Field(node) {
      const { name } = node;
      Object.defineProperty(node, 'name', {
        enumerable: true,
        get() {
          looks++;
          return name;
        },
      });
    },
  });
  validate(schema, document, specifiedRules, { maxErrors: 20 });
  return looks;
}

/** The largest document of its kind that is let in, by tokens alone or by all bounds. */
function largest(
  write: (parts: number) => string,
  isLetIn: (document: DocumentNode) => boolean,
): DocumentNode {
  const read = (parts: number) => {
    try {
      const document = parse(write(parts), { maxTokens: defaultLimits.queryMaxTokens });
      return isLetIn(document) ? document : undefined;
    } catch {
      // Too many tokens.
      return undefined;
    }
  };
  let [fits, exceeds] = [1, 2500];
  while (exceeds - fits > 1) {
    const middle = (fits + exceeds) >> 1;
    if (read(middle)) fits = middle;
    else exceeds = middle;
  }
  return read(fits)!;
}

describe.each(hostile)('the validation of %s', (_name, write) => {
  it('[P13] is bounded work for every document within the bounds', () => {
    const document = largest(write, (one) => exceededBound(one, defaultLimits) === undefined);
    expect(countLooks(document)).toBeLessThan(mostLooks);
  });

  it('[P13] is more work without the bounds', () => {
    expect(countLooks(largest(write, () => true))).toBeGreaterThan(2 * mostLooks);
  });
});

describe('the bounds', () => {
  const documents = createDocuments(schema, defaultLimits);
  const errorsOf = (text: string) =>
    documents
      .prepare(text, 'here')
      .errors.map(({ message, extensions: { code } }) => ({ message, code }));

  it.each([
    ...Object.entries(operations).map(([name, [, text]]) => [name, text]),
    ...tabs.map(({ query }) => [query.slice(0, 40), query]),
    ['the introspection of GraphiQL', getIntrospectionQuery()],
    [
      'an introspection with everything',
      getIntrospectionQuery({
        descriptions: true,
        specifiedByUrl: true,
        directiveIsRepeatable: true,
        schemaDescription: true,
        inputValueDeprecation: true,
        oneOf: true,
      }),
    ],
  ])('accept documents that clients need: %s', (_name, text) => {
    expect(errorsOf(text!)).toEqual([]);
  });

  it.each([
    [
      'too many definitions',
      `{ __typename } ${many(60, (place) => `fragment F${place} on Query { __typename }`)}`,
    ],
    ['too many fields that are compared', `{ ${many(70, () => '__typename')} }`],
    [
      'fragments that multiply',
      `{ ...F0 } ${many(11, (place) => `fragment F${place} on Conversation { lastMessage { conversation { ...F${place + 1} } replyTo { conversation { ...F${place + 1} } } } }`)} fragment F11 on Conversation { id }`,
    ],
    [
      'too many levels',
      `{ room(name: "a") { ${'lastMessage { conversation { '.repeat(8)} id ${'} }'.repeat(8)} } }`,
    ],
    ['aliases in an introspection', '{ __schema { one: types { name } two: types { name } } }'],
    [
      'an introspection under an alias',
      '{ one: __schema { types { name } } two: __schema { types { name } } }',
    ],
    [
      'lists within lists of an introspection',
      '{ __schema { types { fields { type { fields { name } } } } } }',
    ],
    [
      'the same in fragments',
      '{ __schema { types { ...T } } } fragment T on __Type { fields { type { ...F } } } fragment F on __Type { fields { name } }',
    ],
  ])('[P13] refuse %s with a solution', (_name, text) => {
    expect(errorsOf(text)).toEqual([
      { code: 'TOO_COMPLEX', message: expect.stringMatching(/ (Split|Select|Query) /) },
    ]);
  });

  it('leave a cycle of fragments to validation', () => {
    const cycle = 'fragment F on Conversation { lastMessage { conversation { ...F } } }';
    expect(errorsOf(`{ room(name: "a") { ...F } } ${cycle}`)).toEqual([
      { code: 'GRAPHQL_VALIDATION_FAILED', message: expect.stringMatching(/within itself/) },
    ]);
  });
});
