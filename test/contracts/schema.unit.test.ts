import { readFile } from 'node:fs/promises';
import {
  buildSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isRequiredArgument,
  isRequiredInputField,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  validate,
  type GraphQLArgument,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLSchema,
} from 'graphql';
import { describe, expect, it } from 'vitest';
import { printedFiles } from '../../scripts/printed.ts';
import { schema } from '../../src/schema.ts';
import { tabs } from '../../src/server/graphiql-tabs.ts';

describe('what is printed from the code', async () => {
  for (const [path, content] of Object.entries(await printedFiles()))
    it(`equals the committed file ${path}; otherwise run npm run print`, async () => {
      expect(await readFile(path, 'utf8')).toBe(content);
    });
});

describe('the schema', () => {
  it('has everything in the contract, and requires nothing more', async () => {
    const contract = buildSchema(await readFile('test/contracts/contract.graphql', 'utf8'));
    expect(breaches(contract, schema)).toEqual([]);
  });

  it('is found if it breaks the contract in any way', () => {
    const contract = buildSchema(
      'type Query { user(id: ID): User  role: Role } interface Node { id: ID! } type User implements Node { id: ID!  name: String! } enum Role { USER ADMIN } input In { a: Int  c: Int  d: Int! } input One @oneOf { a: Int } union Any = User | Query',
    );
    const broken = buildSchema(
      'type Query { user(id: String, more: Int!): User } type User { id: ID!  name: String } enum Role { USER } input In { a: Int  b: Int!  c: Int!  d: Int } input One { a: Int } union Any = Query',
    );
    expect(breaches(contract, broken)).toEqual([
      'Query.user(id:) is String, not ID',
      'Query.user(more:) is required',
      'Query.role is missing',
      'Node is missing',
      'User does not implement Node',
      'User.name is String, not String!',
      'Role.ADMIN is missing',
      'In.c is Int!, not Int',
      'In.b is required',
      'One is not a OneOf input',
      'Any has no User',
    ]);
  });

  it('says where the format of each of its scalars is specified', () => {
    const own = Object.values(schema.getTypeMap())
      .filter(isScalarType)
      .filter((type) => !isSpecifiedScalarType(type));
    expect(own.map(({ name }) => name).toSorted()).toEqual(['Cursor', 'DateTime', 'JSONObject']);
    for (const { name, specifiedByURL } of own)
      expect(specifiedByURL, name).toMatch(/^https:\/\/.+/);
  });

  it.each(tabs)('accepts the examples of GraphiQL: $query', ({ query, variables }) => {
    const document = parse(query);
    expect(validate(schema, document)).toEqual([]);
    const declared = document.definitions.flatMap((definition) =>
      definition.kind === 'OperationDefinition' ? (definition.variableDefinitions ?? []) : [],
    );
    expect(Object.keys(JSON.parse(variables || '{}')).toSorted()).toEqual(
      [...new Set(declared.map(({ variable }) => variable.name.value))].toSorted(),
    );
  });
});

/** Lists the parts of the contract that the schema breaks. */
function breaches(contract: GraphQLSchema, actual: GraphQLSchema): string[] {
  const own = Object.values(contract.getTypeMap()).filter(
    (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
  );
  return own.flatMap((promised) => {
    const type = actual.getType(promised.name);
    if (!type) return [`${promised.name} is missing`];
    if (type.constructor !== promised.constructor) return [`${promised.name} is of another kind`];
    return [
      ...breachesOfInterfaces(promised, type),
      ...breachesOfOneOf(promised, type),
      ...breachesOfFields(promised, type),
      ...breachesOfMembers(promised, type),
      ...breachesOfValues(promised, type),
    ];
  });
}

function breachesOfInterfaces(promised: GraphQLNamedType, type: GraphQLNamedType): string[] {
  if (!hasFields(promised) || !hasFields(type)) return [];
  const names = type.getInterfaces().map(({ name }) => name);
  return promised
    .getInterfaces()
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => `${type.name} does not implement ${name}`);
}

const breachesOfOneOf = (promised: GraphQLNamedType, type: GraphQLNamedType): string[] =>
  isInputObjectType(promised) && isInputObjectType(type) && promised.isOneOf !== type.isOneOf
    ? [`${type.name} ${promised.isOneOf ? 'is not' : 'is'} a OneOf input`]
    : [];

function breachesOfFields(promised: GraphQLNamedType, type: GraphQLNamedType): string[] {
  if (isInputObjectType(promised) && isInputObjectType(type))
    return breachesOfInputs(
      `${type.name}.`,
      '',
      Object.values(promised.getFields()),
      Object.values(type.getFields()),
      isRequiredInputField,
    );
  if (!hasFields(promised) || !hasFields(type)) return [];
  return Object.values(promised.getFields()).flatMap((field) => {
    const place = `${type.name}.${field.name}`;
    const found = type.getFields()[field.name];
    if (!found) return [`${place} is missing`];
    const differs =
      String(found.type) === String(field.type)
        ? []
        : [`${place} is ${found.type}, not ${field.type}`];
    return [
      ...differs,
      ...breachesOfInputs(`${place}(`, ':)', field.args, found.args, isRequiredArgument),
    ];
  });
}

function breachesOfInputs<Input extends GraphQLArgument | GraphQLInputField>(
  before: string,
  behind: string,
  promised: readonly Input[],
  found: readonly Input[],
  isRequired: (input: Input) => boolean,
): string[] {
  const wrong = promised.flatMap(({ name, type }) => {
    const input = found.find((one) => one.name === name);
    if (!input) return [`${before}${name}${behind} is missing`];
    // What a client passes as required may become optional.
    return [`${input.type}`, `${input.type}!`].includes(String(type))
      ? []
      : [`${before}${name}${behind} is ${input.type}, not ${type}`];
  });
  const added = found.filter(
    (input) => isRequired(input) && !promised.some(({ name }) => name === input.name),
  );
  return [...wrong, ...added.map(({ name }) => `${before}${name}${behind} is required`)];
}

function breachesOfMembers(promised: GraphQLNamedType, type: GraphQLNamedType): string[] {
  if (!isUnionType(promised) || !isUnionType(type)) return [];
  const names = type.getTypes().map(({ name }) => name);
  return promised
    .getTypes()
    .filter(({ name }) => !names.includes(name))
    .map(({ name }) => `${type.name} has no ${name}`);
}

function breachesOfValues(promised: GraphQLNamedType, type: GraphQLNamedType): string[] {
  if (!isEnumType(promised) || !isEnumType(type)) return [];
  return promised
    .getValues()
    .filter(({ name }) => !type.getValue(name))
    .map(({ name }) => `${type.name}.${name} is missing`);
}

const hasFields = (type: GraphQLNamedType) => isObjectType(type) || isInterfaceType(type);
