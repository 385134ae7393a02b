import { gql, InMemoryCache } from '@apollo/client';
import {
  assertAbstractType,
  getNamedType,
  isAbstractType,
  isInputObjectType,
  Kind,
  parse,
  TypeInfo,
  visit,
  visitWithTypeInfo,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { errorCodes as codesOfClient, operations } from '../../client/src/index.ts';
import { possibleTypes } from '../../client/src/possible-types.ts';
import { defaultLimits } from '../../src/limits.ts';
import { errorCodes } from '../../src/errors.ts';
import { createDocuments } from '../../src/graphql/documents.ts';
import { schema } from '../../src/schema.ts';

describe('the operations of the client', () => {
  const documents = Object.entries(operations).map(([name, [kind, text, path]]) => ({
    name,
    kind,
    text,
    path,
    document: parse(text),
  }));

  it('are accepted by the server, with the largest pages', () => {
    const server = createDocuments(schema, defaultLimits);
    for (const { name, text, document } of documents) {
      const prepared = server.prepare(text, 'here');
      expect([name, prepared.errors]).toEqual([name, []]);
      const takesPages = JSON.stringify(document).includes('"value":"first"');
      expect(
        () =>
          server.admit(
            prepared.document!,
            undefined,
            takesPages ? { first: defaultLimits.pageMax } : {},
          ),
        name,
      ).not.toThrow();
    }
  });

  it('cover the whole API, except for what other clients need', () => {
    const reached = new Set<string>();
    for (const { document } of documents)
      visitFields(document, (parent, field) => void reached.add(`${parent}.${field}`));
    const roots = [
      schema.getQueryType()!,
      schema.getMutationType()!,
      schema.getSubscriptionType()!,
    ];
    const missing = roots
      .flatMap((type) => Object.keys(type.getFields()).map((field) => `${type.name}.${field}`))
      .filter((name) => !reached.has(name) && !/webhook/i.test(name));
    // Webhooks are set up once, by any client; they would make every page larger. The connection
    // extends itself. Relay finds objects of any type by id.
    expect(missing).toEqual(['Query.node', 'Query.nodes', 'Mutation.extendConnection']);
  });

  it('follow with fields that are the same for all viewers, so that the server executes an event once', () => {
    const dependent: string[] = [];
    // Nobody else follows these, or one backend.
    const own = ['followNotifications', 'appEvents'];
    const shared = documents.filter(({ name }) => !own.includes(name));
    for (const { name, kind, document } of shared)
      visitFields(
        document,
        (_parent, field, extensions) =>
          void (
            kind === 'subscription' &&
            extensions?.viewerDependent &&
            dependent.push(`${name}: ${field}`)
          ),
      );
    expect(dependent).toEqual([]);
    expect(documents.filter(({ kind }) => kind === 'subscription').length).toBeGreaterThan(0);
  });

  it('select and accept a cursor wherever the server can resume', () => {
    for (const { path, text } of documents.filter(({ kind }) => kind === 'subscription')) {
      const field = schema.getSubscriptionType()!.getFields()[path]!;
      if (field.args.some((argument) => argument.name === 'after'))
        expect(text).toMatch(/\$after:Cursor.*\bafter:\$after\b.*\bcursor\b/);
    }
  });

  it('[P6] send with an idempotency key wherever the server accepts one', () => {
    const keyed = Object.values(schema.getMutationType()!.getFields())
      .filter(({ args }) => {
        const input = getNamedType(args[0]?.type);
        return isInputObjectType(input) && 'idempotencyKey' in input.getFields();
      })
      .map(({ name }) => name);
    expect(
      documents
        .filter(({ kind }) => kind === 'send')
        .map(({ name }) => name)
        .sort(),
    ).toEqual(keyed.sort());
  });
});

describe('the possible types of the client', () => {
  it('are those of the schema, so that a cache of Apollo Client matches fragments on them', () => {
    for (const [name, types] of Object.entries(possibleTypes)) {
      const type = assertAbstractType(schema.getType(name));
      expect(types).toEqual(schema.getPossibleTypes(type).map((one) => one.name));
    }
    const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
    expect(Object.keys(possibleTypes)).toEqual(abstract.map(({ name }) => name));
  });

  it('let Apollo Client read a fragment on an interface from its cache', () => {
    const conversation = { __typename: 'Room', id: '1', unreadCount: 3 };
    const document = gql`
      {
        conversation {
          __typename
          id
          ... on Conversation {
            unreadCount
          }
        }
      }
    `;
    const readWith = (types: Readonly<Record<string, string[]>>) => {
      const cache = new InMemoryCache({ possibleTypes: types });
      cache.writeQuery({ query: document, data: { conversation } });
      return cache.readQuery({ query: document });
    };
    expect(readWith(possibleTypes)).toEqual({ conversation });
    expect(readWith({ Conversation: ['SupportConversation'] })).not.toEqual({ conversation });
  });
});

describe('the errors of the client', () => {
  it('[P12] have the codes of the server', () => {
    expect([...codesOfClient]).toEqual([...errorCodes]);
  });
});

function visitFields(
  document: ReturnType<typeof parse>,
  see: (parent: string, field: string, extensions: Record<string, unknown> | undefined) => void,
): void {
  const types = new TypeInfo(schema);
  visit(
    document,
    visitWithTypeInfo(types, {
      [Kind.FIELD]: ({ name }: { name: { value: string } }) =>
        see(types.getParentType()!.name, name.value, types.getFieldDef()?.extensions),
    }),
  );
}
