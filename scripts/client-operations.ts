import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { codegen } from '@graphql-codegen/core';
import type { CodegenPlugin, PluginFunction } from '@graphql-codegen/plugin-helpers';
import * as typedDocuments from '@graphql-codegen/typed-document-node';
import * as operationTypes from '@graphql-codegen/typescript-operations';
import {
  buildSchema,
  getNamedType,
  getNullableType,
  isAbstractType,
  isInputObjectType,
  isInterfaceType,
  isListType,
  isNullableType,
  isObjectType,
  Kind,
  parse,
  print,
  stripIgnoredCharacters,
  visit,
  type DocumentNode,
  type FragmentDefinitionNode,
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';

const scalars = {
  ID: 'string',
  DateTime: 'string',
  Cursor: 'string',
  JSONObject: 'Record<string, unknown>',
};

/**
 * Generates the types, documents and methods of the client from the schema and `client/operations`.
 */
export const clientOperations = (schemaText: string): Promise<string> =>
  generate(schemaText, 'client/operations', { plugin: methods });

/**
 * Generates the types and documents of an example, as GraphQL Code Generator does for an
 * application.
 */
export const exampleOperations = (schemaText: string, name: string): Promise<string> =>
  generate(schemaText, `examples/${name}/src`, typedDocuments);

/** Generates the types of each interface and union, for the cache of Apollo Client. */
export function clientPossibleTypes(schemaText: string): string {
  const types = JSON.stringify(possibleTypesOf(buildSchema(schemaText)));
  return `// Made by \`npm run print\` from schema.graphql.\n/** The types of each interface and union of the API, as \`InMemoryCache\` of Apollo Client takes them. */\nexport const possibleTypes: Readonly<Record<string, string[]>> = ${types};\n`;
}

/** The names of the object types of each interface and union. */
function possibleTypesOf(schema: GraphQLSchema): Record<string, string[]> {
  const abstract = Object.values(schema.getTypeMap()).filter(isAbstractType);
  return Object.fromEntries(
    abstract.map((type) => [type.name, schema.getPossibleTypes(type).map(({ name }) => name)]),
  );
}

/** Generates the list of the client's documents for the server, which knows them by their ids. */
export async function documentsForServer(schemaText: string): Promise<string> {
  const texts = (await clientDocuments(schemaText)).map(({ text }) => `  ${quoted(text)},\n`);
  return `// Made by \`npm run print\` from client/operations.\n/** The documents of the SDK, which the web client uses as well. */\nexport const sdkDocuments: readonly string[] = [\n${texts.join('')}];\n`;
}

/** Generates the ids of the client's documents, for \`connect\`. */
export async function clientDocumentIds(schemaText: string): Promise<string> {
  const documents = await clientDocuments(schemaText);
  const entries = documents.map(({ name, text }) => {
    const id = `sha256:${createHash('sha256').update(text).digest('hex')}`;
    return `  [operations.${name}Document, '${id}'],\n`;
  });
  return `// Made by \`npm run print\` from client/operations.\nimport * as operations from './operations.ts';\n\n/** The ids under which the server knows the documents of this version. Pass it to \`connect\`. */\nexport const documentIds: ReadonlyMap<string, string> = new Map<string, string>([\n${entries.join('')}]);\n`;
}

/** The whole text of each of the client's documents, with its fragments. */
async function clientDocuments(schemaText: string): Promise<{ name: string; text: string }[]> {
  const { operations, fragments } = operationsIn(
    buildSchema(schemaText),
    await readDocuments('client/operations'),
  );
  return operations.map(({ name, text, fragments: needed }) => ({
    name,
    text: text + needed.map((fragment) => textOf(fragments.get(fragment)!)).join(''),
  }));
}

async function generate(
  schemaText: string,
  folder: string,
  documentPlugin: CodegenPlugin,
): Promise<string> {
  const documents = await readDocuments(folder);
  const config = { skipTypename: true, enumsAsTypes: true, useTypeImports: true, scalars };
  const text = await codegen({
    filename: 'operations.ts',
    schema: parse(schemaText),
    schemaAst: buildSchema(schemaText),
    documents,
    config,
    plugins: [{ types: {} }, { documents: {} }],
    pluginMap: { types: operationTypes, documents: documentPlugin },
  });
  return `// Made by \`npm run print\` from schema.graphql and ${folder}.\n${text.trimEnd()}\n`;
}

async function readDocuments(folder: string): Promise<Source[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.graphql')).sort();
  return Promise.all(
    names.map(async (name) => ({
      location: name,
      document: parse(await readFile(`${folder}/${name}`, 'utf8')),
    })),
  );
}

interface Source {
  readonly location: string;
  readonly document: DocumentNode;
}

interface Operation {
  readonly name: string;
  readonly method: string;
  readonly kind: 'query' | 'mutation' | 'send' | 'session' | 'subscription';
  readonly text: string;
  /** The names of the fragments that it needs. */
  readonly fragments: readonly string[];
  readonly path: readonly string[];
  readonly answer: string;
  readonly description: string;
  readonly parameters: string;
}

function operationsIn(schema: GraphQLSchema, documents: readonly { document?: DocumentNode }[]) {
  const definitions = documents.flatMap(({ document }) => document!.definitions);
  const fragments = new Map(
    definitions
      .filter((one) => one.kind === Kind.FRAGMENT_DEFINITION)
      .map((one) => [one.name.value, one]),
  );
  const operations = definitions
    .filter((one) => one.kind === Kind.OPERATION_DEFINITION)
    .map((one) => describe(schema, one, fragments));
  return { operations, fragments };
}

const methods: PluginFunction = (schema, documents) => {
  const { operations, fragments } = operationsIn(schema, documents);
  return {
    prepend: [
      "import type { Document } from '../document.ts';",
      "import type { FollowOptions } from '../follow.ts';",
      "import type { AskOptions } from '../request.ts';",
    ],
    content: [
      // Each fragment is written once, because a page loads all documents.
      ...[...fragments].map(([name, fragment]) => `const ${name} = ${quoted(textOf(fragment))};`),
      ...operations.map(
        ({ name, text, fragments: needed, kind }) =>
          `export const ${name}Document: Document<${resultOf(name, kind)}, ${resultOf(name, kind)}Variables> = ${[quoted(text), ...needed].join(' + ')};`,
      ),
      '\nexport const operations = {',
      ...operations.map(
        ({ method, kind, name, path }) =>
          `  ${method}: ['${kind}', ${name}Document, '${path.join('.')}'],`,
      ),
      '} as const;',
      '\n/** A method for each operation. */\nexport interface Operations {',
      ...operations.map(({ method, kind, parameters, answer, description }) => {
        const returned =
          kind === 'subscription'
            ? `AsyncIterableIterator<${answer}, undefined>`
            : `Promise<${answer}>`;
        return `  /** ${description.replaceAll('\n', ' ')} */\n  ${method}(${parameters}): ${returned};`;
      }),
      '}',
    ].join('\n'),
  };
};

function describe(
  schema: GraphQLSchema,
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): Operation {
  const name = operation.name!.value;
  const [variable] = operation.variableDefinitions ?? [];
  const input =
    variable?.variable.name.value === 'input' ? print(variable.type).replace('!', '') : undefined;
  const { path, answer, description } = pathOf(schema, operation);
  const kind = kindOf(schema, operation, input, path);
  const isOptional = (operation.variableDefinitions ?? []).every(
    ({ type, defaultValue }) => type.kind !== Kind.NON_NULL_TYPE || defaultValue,
  );
  const variablesParameter = `variables${isOptional ? '?' : ''}: ${resultOf(name, kind)}Variables`;
  const optionsParameter = `options?: ${kind === 'subscription' ? 'FollowOptions' : 'AskOptions'}`;
  const parameters = [optionsParameter];
  if (variable) parameters.unshift(input ? `input: ${input}` : variablesParameter);
  return {
    name,
    method: `${name[0]!.toLowerCase()}${name.slice(1)}`,
    kind,
    text: textOf(operation),
    fragments: neededBy(operation, fragments).map((fragment) => fragment.name.value),
    path,
    answer: answer(resultOf(name, kind)),
    description,
    parameters: parameters.join(', '),
  };
}

function kindOf(
  schema: GraphQLSchema,
  { operation }: OperationDefinitionNode,
  input: string | undefined,
  path: readonly string[],
): Operation['kind'] {
  if (operation !== 'mutation') return operation;
  if (path.at(-1) === 'session') return 'session';
  const type = input && schema.getType(input);
  return type && isInputObjectType(type) && type.getFields().idempotencyKey ? 'send' : 'mutation';
}

const textOf = (definition: OperationDefinitionNode | FragmentDefinitionNode): string =>
  stripIgnoredCharacters(print(definition));
const quoted = (text: string): string => `'${text.replaceAll("'", "\\'")}'`;
const typeSuffixes: Readonly<Record<Operation['kind'], string>> = {
  query: 'Query',
  mutation: 'Mutation',
  send: 'Mutation',
  session: 'Mutation',
  subscription: 'Subscription',
};
const resultOf = (name: string, kind: Operation['kind']): string => name + typeSuffixes[kind];

/**
 * The path to the answer of an operation: the fields down to the first one with several subfields
 * or a list. For a subscription, the event.
 */
function pathOf(schema: GraphQLSchema, { operation, selectionSet }: OperationDefinitionNode) {
  const fields: GraphQLField<unknown, unknown>[] = [];
  let type: GraphQLNamedType | undefined = schema.getRootType(operation)!;
  for (let inner: SelectionSetNode | undefined = selectionSet; inner && hasFields(type);) {
    const [selection, ...others]: readonly SelectionNode[] = inner.selections;
    if (others.length > 0 || selection?.kind !== Kind.FIELD || selection.alias) break;
    const field: GraphQLField<unknown, unknown> = type.getFields()[selection.name.value]!;
    fields.push(field);
    if (operation === 'subscription' || isListType(getNullableType(field.type))) break;
    type = getNamedType(field.type);
    inner = selection.selectionSet;
  }
  const isNullable = (depth: number) => depth >= 0 && isNullableType(fields[depth]!.type);
  const answer = (result: string) => {
    const nested = fields.reduce(
      (outer, { name }, depth) =>
        `${isNullable(depth - 1) ? `NonNullable<${outer}>` : outer}['${name}']`,
      result,
    );
    return fields.slice(0, -1).some(({ type: one }) => isNullableType(one))
      ? `${nested} | null`
      : nested;
  };
  const { description } = operation === 'query' ? fields.at(-1)! : fields[0]!;
  return { path: fields.map(({ name }) => name), answer, description: description ?? '' };
}

const hasFields = (type: GraphQLNamedType | undefined) =>
  isObjectType(type) || isInterfaceType(type);

/** The fragments that an operation spreads, directly or through other fragments. */
function neededBy(
  operation: OperationDefinitionNode,
  fragments: ReadonlyMap<string, FragmentDefinitionNode>,
): FragmentDefinitionNode[] {
  const needed = new Set<FragmentDefinitionNode>();
  const collect = (node: OperationDefinitionNode | FragmentDefinitionNode) =>
    visit(node, {
      FragmentSpread({ name }) {
        const fragment = fragments.get(name.value)!;
        if (needed.has(fragment)) return;
        needed.add(fragment);
        collect(fragment);
      },
    });
  collect(operation);
  return [...needed];
}
