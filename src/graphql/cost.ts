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
  type GraphQLField,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  type InlineFragmentNode,
  type OperationDefinitionNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import { getArgumentValues, getVariableValues } from 'graphql/execution/values.js';
import { fragmentsOf } from './fragments.ts';

/**
 * The cost of an operation: 1 for a field; for a list, its greatest length times the cost of an
 * item. A list of plain values costs a tenth of its length.
 */
export interface Cost {
  readonly operation: number;
  /**
   * For a subscription, the greatest cost of one event. Snapshots do not count: they are part of
   * the operation's cost. 0 for other operations.
   */
  readonly event: number;
}

/**
 * The cost that a field declares in `extensions.complexity`. A page declares it as a function of
 * its arguments.
 */
type Declared = number | { readonly field?: number; readonly multiplier?: number };
type Declaration = Declared | ((args: Record<string, unknown>) => Declared);

/** For the `extensions` of a type: the complete state with which a subscription begins. */
export const snapshotType = { isSnapshot: true } as const;

/**
 * The cost of an operation with these variables. If a field can be of several types, the most
 * expensive one counts. Undefined if the variables do not have the declared types: execution
 * refuses them with a better message.
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
  const fragments = fragmentsOf(document);
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
    const { field: own = 1, multiplier = 1 } = declaredCost(field, () =>
      getArgumentValues(field, node, coerced),
    );
    const itemType = getNamedType(field.type);
    if (isCompositeType(itemType) && node.selectionSet)
      return own + multiplier * ofSet(node.selectionSet, itemType);
    return own + (isList(field.type) ? Math.ceil(multiplier / 10) : 0);
  }

  /**
   * The fields that are selected on this type. A fragment that is spread repeatedly counts once, as
   * in execution.
   */
  function fieldsOf(set: SelectionSetNode, type: GraphQLObjectType): FieldNode[] {
    const fields: FieldNode[] = [];
    const spread = new Set<string>();
    const open = [set];

    function visit(selection: SelectionNode): void {
      if (selection.kind === Kind.FIELD) return void fields.push(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) return visitFragment(selection);
      const name = selection.name.value;
      if (!spread.has(name)) visitFragment(fragments.get(name)!);
      spread.add(name);
    }

    function visitFragment(fragment: InlineFragmentNode | FragmentDefinitionNode): void {
      if (applies(fragment, type)) open.push(fragment.selectionSet);
    }

    for (let one = open.pop(); one; one = open.pop()) one.selections.forEach(visit);
    return fields;
  }

  function applies(
    { typeCondition }: InlineFragmentNode | FragmentDefinitionNode,
    type: GraphQLObjectType,
  ): boolean {
    const condition = typeCondition && schema.getType(typeCondition.name.value);
    if (!condition || condition === type) return true;
    return isAbstractType(condition) && schema.isSubType(condition, type);
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

/** What the field declares. `argumentsOf` is called only if the declaration depends on them. */
function declaredCost(
  { extensions }: GraphQLField<unknown, unknown>,
  argumentsOf: () => Record<string, unknown>,
): { readonly field?: number; readonly multiplier?: number } {
  const declaration = extensions.complexity as Declaration | undefined;
  const declared = typeof declaration === 'function' ? declaration(argumentsOf()) : declaration;
  return typeof declared === 'object' ? declared : { field: declared };
}

function isList(type: GraphQLOutputType): boolean {
  return isNonNullType(type) ? isList(type.ofType) : isListType(type);
}
