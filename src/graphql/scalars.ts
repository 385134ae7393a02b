import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { DateTimeResolver, JSONObjectResolver } from 'graphql-scalars';
import { checkInputValue } from './input-values.ts';

/** Longer than any cursor that a server returns. */
const cursorMaxCharacters = 1000;

export const Cursor = new GraphQLScalarType<string>({
  name: 'Cursor',
  description:
    'An opaque position in an event log. Pass the cursor of the last event that you received as `after` to resume from there.',
  specifiedByURL: 'https://relay.dev/graphql/connections.htm#sec-Cursor',
  parseValue: toCursor,
  parseLiteral: (node) => toCursor(node.kind === Kind.STRING ? node.value : undefined, node),
});

function toCursor(value: unknown, nodes?: ValueNode): string {
  if (typeof value === 'string' && value.length <= cursorMaxCharacters) return value;
  throw new GraphQLError(
    `A cursor is a string of at most ${cursorMaxCharacters} characters. Pass a cursor exactly as the server returned it.`,
    { nodes },
  );
}

export const DateTime = new GraphQLScalarType<Date, Date>({
  ...DateTimeResolver.toConfig(),
  description: 'A point in time in UTC, as RFC 3339 text: `2026-11-28T14:30:00.000Z`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc3339',
});

const { serialize, parseValue, parseLiteral } = JSONObjectResolver;

export const JSONObject = new GraphQLScalarType<object>({
  name: 'JSONObject',
  description: 'A JSON object, such as `{"orderId": 7}`.',
  specifiedByURL: 'https://www.rfc-editor.org/rfc/rfc8259#section-4',
  serialize,
  parseValue,
  parseLiteral(node, variables) {
    const value = parseLiteral(node, variables);
    checkInputValue(value);
    return value;
  },
});
