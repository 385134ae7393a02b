import { buildSchema, getNamedType, isObjectType, type GraphQLSchema } from 'graphql';
import { expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';

/** The pages that an execution for several subscribers could read. */
const sharedPagesOf = (schema: GraphQLSchema): string[] =>
  Object.values(schema.getTypeMap())
    .filter(isObjectType)
    .flatMap((type) =>
      Object.values(type.getFields())
        .filter((field) => getNamedType(field.type).name.endsWith('Connection'))
        .filter(({ extensions }) => !extensions.viewerDependent)
        .map(({ name }) => `${type.name}.${name}`),
    );

it('[P13] every page depends on the viewer, so it is read in the turn of one user', () => {
  expect(sharedPagesOf(schema)).toEqual([]);
});

it('control: a page that several viewers share is found', () => {
  const other = buildSchema(
    'type Query { users: UsersConnection! name: String! } type UsersConnection { count: Int! }',
  );
  expect(sharedPagesOf(other)).toEqual(['Query.users']);
});
