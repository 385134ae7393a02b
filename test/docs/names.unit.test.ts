import { readdirSync, readFileSync } from 'node:fs';
import { buildSchema, isEnumType, isInputObjectType, isObjectType, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import * as sdk from '../../client/src/index.ts';

const schema = buildSchema(readFileSync('schema.graphql', 'utf8'));
const pages = readdirSync('docs')
  .filter((name) => name.endsWith('.md'))
  .map((name) => `docs/${name}`);

/** The problems of the GraphQL in a text. */
const problemsIn = (text: string): string[] =>
  [...text.matchAll(/```graphql\n(.*?)```/gs)].flatMap(([, document]) =>
    validate(schema, parse(document!)).map(({ message }) => message),
  );

/** Everything that a client may name: fields, arguments, types, values of enums, the SDK. */
const names = new Set(
  Object.values(schema.getTypeMap()).flatMap((type) => {
    if (isEnumType(type)) return [type.name, ...type.getValues().map(({ name }) => name)];
    if (isInputObjectType(type)) return [type.name, ...Object.keys(type.getFields())];
    if (!isObjectType(type)) return [type.name];
    const fields = Object.values(type.getFields());
    return [
      type.name,
      ...fields.flatMap(({ name, args }) => [name, ...args.map((argument) => argument.name)]),
    ];
  }),
);
for (const name of [...Object.keys(sdk), 'uploadFile']) names.add(name);

/** The names of operations in the second column of a table: `name`, or `name(…)`. */
const operationsIn = (guide: string): string[] =>
  [...guide.matchAll(/^\|[^|]*\|(.*)\|$/gm)].flatMap(([, column]) =>
    [...column!.matchAll(/`([a-z]\w+)(?:`|\()/g)].map(([, name]) => name!),
  );

describe('the guides', () => {
  it.each(pages)('contain only GraphQL that the schema allows: %s', (page) => {
    expect(problemsIn(readFileSync(page, 'utf8'))).toEqual([]);
  });

  it('of moving name only what exists', () => {
    const operations = operationsIn(readFileSync('docs/moving.md', 'utf8'));
    expect(operations.length).toBeGreaterThan(20);
    expect(operations.filter((name) => !names.has(name))).toEqual([]);
  });

  it('control: an unknown field and an unknown operation are found', () => {
    expect(problemsIn('```graphql\n{ nothing }\n```')).toHaveLength(1);
    expect(operationsIn('| a | `sendNothing({ x })`, `nothing` |')).toEqual([
      'sendNothing',
      'nothing',
    ]);
    expect(names.has('sendNothing')).toBe(false);
  });
});
