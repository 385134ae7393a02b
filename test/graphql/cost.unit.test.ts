import {
  getNamedType,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isNonNullType,
  isObjectType,
  type GraphQLField,
  type GraphQLOutputType,
  type GraphQLSchema,
} from 'graphql';
import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import { describe, expect, it } from 'vitest';
import { operations } from '../../client/src/index.ts';
import { defaultLimits } from '../../src/limits.ts';
import { createDocuments } from '../../src/graphql/documents.ts';
import { schema } from '../../src/schema.ts';
import { tabs } from '../../src/server/graphiql-tabs.ts';

const isList = (type: GraphQLOutputType): boolean =>
  isNonNullType(type) ? isList(type.ofType) : isListType(type);

/**
 * The lists of a schema that do not say how long they can be. The edges of a connection are as many
 * as its page has.
 */
function endlessLists(of: GraphQLSchema): string[] {
  return Object.values(of.getTypeMap()).flatMap((type) =>
    (isObjectType(type) || isInterfaceType(type)) && !isIntrospectionType(type)
      ? Object.values(type.getFields())
          .filter((field) => isList(field.type) && !(lengthOf(field) < Infinity))
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
}

function lengthOf({ extensions: { complexity } }: GraphQLField<unknown, unknown>): number {
  const declared = typeof complexity === 'function' ? complexity({}) : complexity;
  return declared?.multiplier ?? Infinity;
}

/** The connections of a schema whose cost does not follow the size of their page. */
function unpagedConnections(of: GraphQLSchema): string[] {
  return Object.values(of.getTypeMap()).flatMap((type) =>
    isObjectType(type)
      ? Object.values(type.getFields())
          .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
          .filter(
            ({ extensions: { complexity } }) => (complexity as any)({ first: 7 }).multiplier !== 7,
          )
          .map(({ name }) => `${type.name}.${name}`)
      : [],
  );
}

describe('every list of the schema', () => {
  it('[P13] declares its greatest length, or is a page', () => {
    expect(endlessLists(schema)).toEqual([]);
    expect(unpagedConnections(schema)).toEqual([]);
  });

  it('is found if it does not', () => {
    const builder = new SchemaBuilder<object>({
      plugins: [ComplexityPlugin],
      complexity: { defaultListMultiplier: Infinity },
    });
    builder.queryType({
      fields: (t) => ({
        endless: t.stringList({ resolve: () => [] }),
        short: t.stringList({ complexity: { field: 1, multiplier: 5 }, resolve: () => [] }),
      }),
    });
    expect(endlessLists(builder.toSchema())).toEqual(['Query.endless']);
  });
});

describe('the cost', () => {
  const documents = createDocuments(schema, defaultLimits);
  const costOf = (text: string, variables: Record<string, unknown> = {}) =>
    documents.admit(documents.prepare(text, 'here').document!, undefined, variables);

  it.each([
    ['{ viewer { id username } }', 3],
    ['{ rooms(first: 10) { edges { node { id } } } }', 120],
    ['{ rooms { edges { node { id } } } }', 200],
    ['query ($first: Int = 20) { rooms(first: $first) { edges { node { id } } } }', 140],
    ['{ room(name: "a") { onlineUsers(first: 30) { id } } }', 131],
    // A larger page is refused when it is read, with one code for every size.
    ['{ room(name: "a") { onlineUsers(first: 2147483647) { id } } }', 201],
    ['{ rooms(last: 101) { edges { node { id } } } }', 300],
    ['{ room(name: "a") { lastMessage { mentions { id } } } }', 53],
    // Of one thing that is of several types the most expensive counts, not all of them.
    [
      '{ conversation(id: "a") { id ... on Room { name topic } ... on DirectConversation { peer { id } } } }',
      4,
    ],
  ])('of %s depends on the length of its lists, and on its pages: %i', (text, cost) => {
    expect(costOf(text).operation).toBe(cost);
  });

  it.each([
    ['subscription { roomMessages(roomId: "a") { cursor } }', 2, 1],
    ['subscription { roomMessages(roomId: "a", last: 100) { cursor } }', 101, 1],
    [
      'subscription { lobby { ... on LobbySnapshot { rooms { onlineCount } } ... on LobbyRoomChanged { room { onlineCount } } } }',
      202,
      2,
    ],
    [
      'subscription { roomPresence(roomId: "a") { ... on PresenceSnapshot { users { id } } } }',
      2002,
      0,
    ],
  ])('of %s is %i at the start and %i for each event', (text, operation, event) => {
    expect(costOf(text)).toEqual({ operation, event });
  });

  it('[P13] of an event has a limit of its own', () => {
    const event = (field: string) =>
      `subscription { roomMessages(roomId: "a") { ... on MessageSent { message { conversation { ${field} } } } } }`;
    expect(() => costOf(event('messages(last: 100) { edges { node { id } } }'))).not.toThrow();
    const pages = Array.from(
      { length: 5 },
      (_, place) => `p${place}: messages(last: 1) { __typename }`,
    );
    expect(() => costOf(event(pages.join(' ')))).toThrow(/eventMaxCost/);
    for (const field of [
      'messages(last: 100) { edges { node { id body author { id username } } } }',
      '... on Room { onlineUsers(first: 100) { id username displayName role isGuest } }',
    ])
      expect(() => costOf(event(field))).toThrow(/eventMaxCost/);
  });

  it.each([
    ...Object.entries(operations).map(([name, [kind, text]]) => [name, kind, text]),
    ...tabs.map(({ query }) => ['a tab of GraphiQL', 'subscription', query]),
  ])(
    'is low enough for ten subscriptions of our own clients to a topic: %s',
    (_name, kind, text) => {
      if (kind !== 'subscription') return;
      const { document, errors } = documents.prepare(text!, 'here');
      expect(errors).toEqual([]);
      const names = document!.definitions.flatMap((definition) =>
        definition.kind === 'OperationDefinition' && definition.operation === 'subscription'
          ? [definition.name?.value]
          : [],
      );
      const variables = { roomId: 'a', conversationId: 'a' };
      for (const name of names)
        expect(10 * documents.admit(document!, name, variables).event).toBeLessThanOrEqual(
          defaultLimits.eventCostPerTopic,
        );
    },
  );
});
