import { createHash } from 'node:crypto';
import {
  getOperationAST,
  getVariableValues,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type DocumentNode,
  type FieldNode,
  type GraphQLSchema,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues } from 'graphql/execution/values.js';
import { invalid } from '../errors.ts';
import type { LiveField } from '../live/live-field.ts';
import { documentBytes } from './document-cache.ts';
import { fragmentsOf } from './fragments.ts';

/**
 * The arguments for the starting position. Subscriptions that differ only in these share one live
 * operation.
 */
const positionArguments = ['after', 'last'];

export interface LiveDocument {
  /** The memory of the document, in bytes. */
  readonly bytes: number;
  readonly field: LiveField;
  /**
   * Whether the answer depends on the viewer, so that each viewer needs an execution of their own.
   */
  readonly isViewerDependent: boolean;
  /** The coerced arguments of the field. Throws a GraphQLError if they contradict the schema. */
  argumentsOf(variables: Record<string, unknown>): Record<string, unknown>;
  /** The variables that the operation declares, as the client sent them. */
  declaredOf(variables: Record<string, unknown>): Record<string, unknown>;
  /**
   * The identity of the subscription, regardless of its starting position. Only declared variables
   * count, with their coerced values.
   */
  keyOf(variables: Record<string, unknown>): string;
}

/** Analyses a subscription, once for each operation of a document. */
export function createLiveDocuments(schema: GraphQLSchema) {
  const known = new WeakMap<OperationDefinitionNode, LiveDocument>();
  return (document: DocumentNode, operationName: string | null | undefined): LiveDocument => {
    const operation = getOperationAST(document, operationName)!;
    let live = known.get(operation);
    if (!live) known.set(operation, (live = analyse(schema, document, operation)));
    return live;
  };
}

function analyse(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
): LiveDocument {
  const id = idOf(document, operation);
  const node = rootFieldOf(document, operation.selectionSet);
  const definition = schema.getSubscriptionType()?.getFields()[node.name.value];
  const field = definition?.extensions.live as LiveField | undefined;
  if (!definition || !field)
    throw invalid(`\`${node.name.value}\` is not a subscription of this server.`);
  const positionVariables = variablesOnlyFor(positionArguments, node, document);

  function coerce(variables: Record<string, unknown>): Record<string, unknown> {
    const { coerced, errors } = getVariableValues(
      schema,
      operation.variableDefinitions ?? [],
      variables,
    );
    if (errors) throw errors[0]!;
    return coerced;
  }

  return {
    bytes: documentBytes(document),
    field,
    isViewerDependent: selectsViewerDependent(schema, document),
    declaredOf: (variables) =>
      Object.fromEntries(
        (operation.variableDefinitions ?? []).flatMap(({ variable: { name } }) =>
          Object.hasOwn(variables, name.value) ? [[name.value, variables[name.value]]] : [],
        ),
      ),
    argumentsOf: (variables) => getArgumentValues(definition, node, coerce(variables)),
    keyOf(variables) {
      const values = Object.entries(coerce(variables));
      const relevant = values.filter(([name]) => !positionVariables.has(name));
      return `${id} ${JSON.stringify(relevant.toSorted(byName))}`;
    },
  };
}

const byName = ([one]: [string, unknown], [other]: [string, unknown]): number =>
  one < other ? -1 : 1;

/** The same for the same text, even if the document was parsed again. */
const idOf = (document: DocumentNode, { name }: OperationDefinitionNode): string =>
  `${createHash('sha256').update(document.loc!.source.body).digest('base64url')} ${name?.value ?? ''}`;

/** A subscription has exactly one root field (GraphQL §5.2.3.1); it may be in a fragment. */
function rootFieldOf(document: DocumentNode, selections: SelectionSetNode): FieldNode {
  const first = selections.selections[0]!;
  if (first.kind === Kind.FIELD) return first;
  if (first.kind === Kind.INLINE_FRAGMENT) return rootFieldOf(document, first.selectionSet);
  return rootFieldOf(document, fragmentsOf(document).get(first.name.value)!.selectionSet);
}

/** The variables that the document uses only as arguments of the field with these names. */
function variablesOnlyFor(names: string[], node: FieldNode, document: DocumentNode): Set<string> {
  const uses = new Map<string, number>();
  visit(document, {
    VariableDefinition: () => false,
    Variable: ({ name }) => void uses.set(name.value, (uses.get(name.value) ?? 0) + 1),
  });
  const found = new Set<string>();
  for (const { name, value } of node.arguments ?? [])
    if (
      names.includes(name.value) &&
      value.kind === Kind.VARIABLE &&
      uses.get(value.name.value) === 1
    )
      found.add(value.name.value);
  return found;
}

function selectsViewerDependent(schema: GraphQLSchema, document: DocumentNode): boolean {
  const typeInfo = new TypeInfo(schema);
  let found = false;
  visit(
    document,
    visitWithTypeInfo(typeInfo, {
      Field: () => {
        found ||= typeInfo.getFieldDef()?.extensions.viewerDependent === true;
      },
    }),
  );
  return found;
}
