import {
  getNamedType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isScalarType,
  isUnionType,
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputField,
  type GraphQLNamedType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type GraphQLType,
} from 'graphql';

type Fields = readonly GraphQLField<unknown, unknown>[];

const pageOf = (type: GraphQLNamedType): string => {
  if (isEnumType(type)) return 'enums';
  if (isScalarType(type)) return 'scalars';
  if (isInputObjectType(type)) return 'inputs';
  return isObjectType(type) ? 'objects' : 'abstract-types';
};

/** A type as it is written in the schema, its name linked to where it is described. */
function typeLink(type: GraphQLType): string {
  const { name } = getNamedType(type);
  const link = `[${name}](./${pageOf(getNamedType(type))}.md#${name.toLowerCase()})`;
  return String(type)
    .replace(name, link)
    .replaceAll(/\[(?=\[)/g, '\\[')
    .replace(/\)(!?)\]/, ')$1\\]');
}

/** Text that neither Markdown nor Vue takes for markup, outside of code. */
const plain = (text: string | null | undefined): string =>
  (text ?? '')
    .split(/(`[^`]*`)/)
    .map((part, index) => (index % 2 ? part : part.replaceAll('<', '&lt;').replaceAll('{{', '{ {')))
    .join('');

const cell = (text: string | null | undefined): string =>
  plain(text)
    .replaceAll('|', '\\|')
    .replaceAll(/\s*\n\s*/g, ' ');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  rows.length === 0
    ? ''
    : [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');

function value(given: GraphQLArgument | GraphQLInputField): string {
  const fallback =
    given.defaultValue === undefined ? '' : ` = \`${JSON.stringify(given.defaultValue)}\``;
  return `${typeLink(given.type)}${fallback}`;
}

const inputs = (title: string, given: readonly (GraphQLArgument | GraphQLInputField)[]): string =>
  table(
    [title, 'Type', 'Description'],
    given.map((one) => [`\`${one.name}\``, value(one), cell(one.description)]),
  );

const deprecation = (reason: string | null | undefined): string =>
  reason == null ? '' : `**Deprecated:** ${plain(reason)}`;

const paragraphs = (...parts: readonly string[]): string => parts.filter(Boolean).join('\n\n');

/** The fields of a root type: each with a section of its own. */
const operations = (title: string, root: GraphQLObjectType | null | undefined): string =>
  paragraphs(
    `# ${title}`,
    ...byName(Object.values(root?.getFields() ?? {})).map((field) =>
      paragraphs(
        `## ${field.name}`,
        plain(field.description),
        deprecation(field.deprecationReason),
        `Returns ${typeLink(field.type)}.`,
        inputs('Argument', field.args),
      ),
    ),
  );

const fieldRows = (fields: Fields): string =>
  table(
    ['Field', 'Type', 'Description'],
    fields.map((field) => [
      `\`${field.name}\``,
      typeLink(field.type),
      cell(
        paragraphs(
          field.description ?? '',
          deprecation(field.deprecationReason),
          ...argumentsOf(field),
        ),
      ),
    ]),
  );

const argumentsOf = ({ args }: GraphQLField<unknown, unknown>): string[] =>
  args.map(({ name, description }) => `\`${name}\`: ${description ?? ''}`);

function content(type: GraphQLNamedType, schema: GraphQLSchema): string {
  if (isEnumType(type))
    return table(
      ['Value', 'Description'],
      type.getValues().map(({ name, description }) => [`\`${name}\``, cell(description)]),
    );
  if (isInputObjectType(type)) return inputs('Field', Object.values(type.getFields()));
  if (isUnionType(type)) return `One of ${type.getTypes().map(typeLink).join(', ')}.`;
  if (isInterfaceType(type))
    return paragraphs(
      `Implemented by ${schema.getPossibleTypes(type).map(typeLink).join(', ')}.`,
      fieldRows(Object.values(type.getFields())),
    );
  return isObjectType(type) ? fieldRows(Object.values(type.getFields())) : '';
}

const byName = <T extends { readonly name: string }>(list: readonly T[]): T[] =>
  list.toSorted((a, b) => a.name.localeCompare(b.name));

const titles = {
  objects: 'Objects',
  'abstract-types': 'Interfaces and unions',
  inputs: 'Inputs',
  enums: 'Enums',
  scalars: 'Scalars',
};

/** The pages of the reference, by their paths below the folder. */
export function apiReference(schema: GraphQLSchema, folder: string): Record<string, string> {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
  const types = byName(Object.values(schema.getTypeMap())).filter(
    (type) => !isIntrospectionType(type) && !roots.includes(type as GraphQLObjectType),
  );
  const section = (type: GraphQLNamedType) =>
    paragraphs(`## ${type.name}`, plain(type.description), content(type, schema));
  const pages: Record<string, string> = {
    queries: operations('Queries', roots[0]),
    mutations: operations('Mutations', roots[1]),
    subscriptions: operations('Subscriptions', roots[2]),
  };
  for (const [page, title] of Object.entries(titles)) {
    const sections = types.filter((type) => pageOf(type) === page).map(section);
    pages[page] = paragraphs(`# ${title}`, ...sections);
  }
  return Object.fromEntries(
    Object.entries(pages).map(([page, text]) => [`${folder}/${page}.md`, `${text}\n`]),
  );
}
