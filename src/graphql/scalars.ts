import { GraphQLError, GraphQLScalarType, Kind, type ValueNode } from 'graphql';
import { JSONObjectResolver } from 'graphql-scalars';
import { checkInputValue } from './input-values.ts';

/** Longer than any cursor that a server gives out. */
const cursorMaxCharacters = 1000;

export const Cursor = new GraphQLScalarType<string>({
  name: 'Cursor',
  description:
    "A position in a topic's event log. Opaque. Pass the last one seen as `after` to resume.",
  parseValue: toCursor,
  parseLiteral: (node) => toCursor(node.kind === Kind.STRING ? node.value : undefined, node),
});

function toCursor(value: unknown, nodes?: ValueNode): string {
  if (typeof value === 'string' && value.length <= cursorMaxCharacters) return value;
  throw new GraphQLError(
    `A cursor is a text of at most ${cursorMaxCharacters} characters. Pass one as the server gave it.`,
    { nodes },
  );
}

const { description, specifiedByURL, serialize, parseValue, parseLiteral } = JSONObjectResolver;

export const JSONObject = new GraphQLScalarType<object>({
  name: 'JSONObject',
  description,
  specifiedByURL,
  serialize,
  parseValue,
  parseLiteral(node, variables) {
    const value = parseLiteral(node, variables);
    checkInputValue(value);
    return value;
  },
});
