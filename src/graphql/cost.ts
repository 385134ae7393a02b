import {
  getNamedType,
  isAbstractType,
  isCompositeType,
  isListType,
  isNonNullType,
  Kind,
  type DocumentNode,
  type FieldNode,
  type FragmentDefinitionNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js';

/** What an operation costs: a field 1, a list its greatest length times what is selected of an item, or a tenth of it for plain values. */
export interface Cost {
  readonly operation: number;
  /** Of a subscription, the most that one event costs; what it begins with, and takes its place later, is part of the operation. */
  readonly event: number;
}

/** How a field says in its `extensions.complexity` what it costs; of its arguments, where it is a page. */
type Declared = number | { readonly field?: number; readonly multiplier?: number };
type Declaration = Declared | ((args: Record<string, unknown>) => Declared);

/** For a type's `extensions`: the whole of what holds now, which a subscription begins with. */
export const snapshotType = { isSnapshot: true } as const;

/**
 * The cost of an operation with these variables. Where a field can be one of several types, the most expensive of them counts. Undefined when
 * the variables are not as declared: execution refuses them, and names them better.
 */
export function costOf(
  schema: GraphQLSchema,
  document: DocumentNode,
  operation: OperationDefinitionNode,
  variables: Record<string, unknown>,
): Cost | undefined {
  const { coerced, errors } = getVariableValues(
    schema,
    operation.variableDefinitions ?? [],
    variables,
  );
  const rootType = schema.getRootType(operation.operation);
  if (errors || !rootType) return undefined;
  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition] as const]
        : [],
    ),
  );
  const known = new Map<SelectionSetNode, Map<GraphQLObjectType, number>>();

  function ofSet(set: SelectionSetNode, type: GraphQLCompositeType): number {
    return Math.max(0, ...kindsOf(type).map((kind) => ofKind(set, kind)));
  }

  function ofKind(set: SelectionSetNode, type: GraphQLObjectType): number {
    const byType = known.get(set) ?? new Map<GraphQLObjectType, number>();
    known.set(set, byType);
    let cost = byType.get(type);
    if (cost === undefined) {
      cost = fieldsOf(set, type).reduce((sum, field) => sum + ofField(field, type), 0);
      byType.set(type, cost);
    }
    return cost;
  }

  function ofField(node: FieldNode, type: GraphQLObjectType): number {
    const field = type.getFields()[node.name.value];
    if (!field) return 1;
    const declaration = field.extensions.complexity as Declaration | undefined;
    const declared =
      typeof declaration === 'function'
        ? declaration(getArgumentValues(field, node, coerced))
        : declaration;
    const { field: own = 1, multiplier = 1 } =
      typeof declared === 'object' ? declared : { field: declared };
    const itemType = getNamedType(field.type);
    if (isCompositeType(itemType) && node.selectionSet)
      return own + multiplier * ofSet(node.selectionSet, itemType);
    return own + (isList(field.type) ? Math.ceil(multiplier / 10) : 0);
  }

  /** The fields that are selected of this type; those of a fragment once, as in an execution. */
  function fieldsOf(set: SelectionSetNode, type: GraphQLObjectType): FieldNode[] {
    const fields: FieldNode[] = [];
    const spread = new Set<string>();
    const open = [set];
    for (let one = open.pop(); one; one = open.pop())
      for (const selection of one.selections) {
        if (selection.kind === Kind.FIELD) {
          fields.push(selection);
          continue;
        }
        const fragment =
          selection.kind === Kind.INLINE_FRAGMENT
            ? selection
            : fragments.get(selection.name.value)!;
        if (fragment.kind === Kind.FRAGMENT_DEFINITION) {
          if (spread.has(fragment.name.value)) continue;
          spread.add(fragment.name.value);
        }
        if (applies(fragment, type)) open.push(fragment.selectionSet);
      }
    return fields;
  }

  function applies(
    { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
    type: GraphQLObjectType,
  ): boolean {
    const condition = typeCondition && schema.getType(typeCondition.name.value);
    return (
      !condition ||
      condition === type ||
      (isAbstractType(condition) && schema.isSubType(condition, type))
    );
  }

  const kindsOf = (type: GraphQLCompositeType): readonly GraphQLObjectType[] =>
    isAbstractType(type) ? schema.getPossibleTypes(type) : [type];

  function ofEvent(): number {
    const [node] = fieldsOf(operation.selectionSet, rootType!);
    const type = node && getNamedType(rootType!.getFields()[node.name.value]?.type);
    if (!node?.selectionSet || !isCompositeType(type)) return 0;
    const kinds = kindsOf(type).filter(({ extensions }) => !extensions.isSnapshot);
    return Math.max(0, ...kinds.map((kind) => ofKind(node.selectionSet!, kind)));
  }

  return {
    operation: ofKind(operation.selectionSet, rootType),
    event: operation.operation === 'subscription' ? ofEvent() : 0,
  };
}

function isList(type: GraphQLOutputType): boolean {
  return isNonNullType(type) ? isList(type.ofType) : isListType(type);
}
