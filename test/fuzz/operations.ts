import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isScalarType,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLOutputType,
} from 'graphql';
import { schema } from '../../src/schema.ts';
import type { Random } from '../faults/random.ts';

export interface Operation {
  readonly query: string;
  readonly variables: Record<string, unknown>;
}

/** Those that would take the fuzzer's own account or everybody's from it. */
const spared = new Set(['deleteMyAccount', 'signOut']);

/** Values that code without care stumbles over, whatever the type. */
const nasty: readonly unknown[] = [
  null,
  true,
  0,
  -1,
  1.5,
  1e308,
  2 ** 31,
  2 ** 53,
  '',
  ' ',
  '\0',
  'a\0b',
  '\ud800',
  '\udc00a',
  '\u202e',
  '%s%n',
  "'; drop table users; --",
  '$1',
  '\\',
  '\u{10ffff}',
  '🙂'.repeat(50),
  'x'.repeat(5000),
  'a\u0301'.repeat(500),
  '__proto__',
  'constructor',
  'toString',
  '00000000-0000-0000-0000-000000000000',
  '+275760-09-13T00:00:00Z',
  '-271821-04-20T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999Z',
  '294277-01-01T00:00:00Z',
  'NaN',
  'Infinity',
  '{}',
  '[',
  [],
  [null],
  [[[]]],
  {},
  JSON.parse('{"__proto__":{"a":1},"toString":1,"then":1,"length":-1}'),
  { constructor: { prototype: 1 } },
];

/**
 * A JSON value so many levels deep, as text: building it by calls would need the stack that it is
 * to exhaust.
 */
export const deepText = (levels: number, of: '[' | '{' = '['): string =>
  of === '['
    ? '['.repeat(levels) + ']'.repeat(levels)
    : `${'{"a":'.repeat(levels)}1${'}'.repeat(levels)}`;

/**
 * Values that exist on the server, by the type of an argument or the name of a field. Others are
 * invented.
 */
export type Known = Readonly<Record<string, readonly unknown[]>>;

/**
 * A valid operation of the schema with values that are mostly of their types and seldom sensible.
 */
export function makeOperation(
  random: Random,
  known: Known,
  kind: 'query' | 'mutation' | 'subscription',
): Operation {
  const type = {
    query: schema.getQueryType(),
    mutation: schema.getMutationType(),
    subscription: schema.getSubscriptionType(),
  }[kind]!;
  const fields = Object.values(type.getFields()).filter(({ name }) => !spared.has(name));
  const field = random.pick(fields);
  const args = field.args.filter((arg) => isNonNullType(arg.type) || random.chance(0.5));
  const declared = args.map(({ name, type: of }) => `$${name}: ${String(of)}`).join(', ');
  const passed = args.map(({ name }) => `${name}: $${name}`).join(', ');
  return {
    query: `${kind}${declared && ` (${declared})`} { ${field.name}${passed && `(${passed})`}${selectionOf(field, 2)} }`,
    variables: Object.fromEntries(
      args.map(({ name, type: of }) => [name, valueFor(random, known, name, of)]),
    ),
  };
}

function selectionOf(field: GraphQLField<unknown, unknown>, depth: number): string {
  const type = getNamedType(field.type as GraphQLOutputType);
  if (isLeafType(type)) return '';
  if (!('getFields' in type) || depth === 0) return ' { __typename }';
  const inner = Object.values(type.getFields() as Record<string, GraphQLField<unknown, unknown>>)
    .filter(({ args }) => !args.some((arg) => isNonNullType(arg.type)))
    .slice(0, 12)
    .map((one) => one.name + selectionOf(one, depth - 1));
  return ` { __typename ${inner.join(' ')} }`;
}

function valueFor(random: Random, known: Known, name: string, type: GraphQLInputType): unknown {
  if (random.chance(0.12)) return random.pick(nasty);
  if (isNonNullType(type)) return valueFor(random, known, name, type.ofType);
  if (isListType(type))
    return Array.from({ length: Math.floor(random.between(0, 4)) }, () =>
      valueFor(random, known, name, type.ofType),
    );
  if (isInputObjectType(type))
    return Object.fromEntries(
      Object.values(type.getFields())
        .filter((field) => isNonNullType(field.type) || random.chance(0.4))
        .map((field) => [field.name, valueFor(random, known, field.name, field.type)]),
    );
  if (isEnumType(type)) return random.pick(type.getValues()).name;
  return isScalarType(type) ? scalarFor(random, known, name, type.name) : null;
}

function scalarFor(random: Random, known: Known, name: string, type: string): unknown {
  const familiar = known[name] ?? known[type];
  if (familiar && random.chance(0.6)) return random.pick(familiar);
  if (type === 'Boolean') return random.chance(0.5);
  if (type === 'Int') return random.pick([0, 1, 2, 50, 100, 101, -1, 2 ** 31 - 1, -(2 ** 31)]);
  if (type === 'Float') return random.pick([0, -0.5, 1e-308, 1e308]);
  if (type === 'DateTime') return new Date(Date.now() + random.between(-1e12, 1e12)).toISOString();
  if (type === 'JSONObject') return { a: random.pick(nasty), b: [{ c: random.pick(nasty) }] };
  const text = nasty.filter((value) => typeof value === 'string');
  return random.pick([...text, `n${Math.floor(random.next() * 1e6)}`]);
}
