import { Kind, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import type { Limits } from '../limits.ts';

/** The selection sets that are merged into one object of the answer. */
interface Selected {
  readonly sets: readonly SelectionSetNode[];
  readonly depth: number;
  /** In an introspection: the number of enclosing lists of parts of types. Undefined elsewhere. */
  readonly listsAround: number | undefined;
}

const partsOfTypes = new Set([
  'fields',
  'inputFields',
  'interfaces',
  'possibleTypes',
  'enumValues',
]);

/**
 * The message about the bound that a document exceeds; undefined if it exceeds none. For a document
 * within the bounds, the work of validation is bounded, and so is the execution of an
 * introspection. Fragments must not be cyclic.
 */
export function exceededBound(document: DocumentNode, limits: Limits): string | undefined {
  if (document.definitions.length > limits.queryMaxDefinitions)
    return `The document has ${document.definitions.length} operations and fragments; at most ${limits.queryMaxDefinitions} are allowed. Split it into several documents.`;

  const fragments = new Map(
    document.definitions.flatMap((definition) =>
      definition.kind === Kind.FRAGMENT_DEFINITION
        ? [[definition.name.value, definition.selectionSet] as const]
        : [],
    ),
  );
  let selections = 0;
  let comparisons = 0;
  const aliased = new Set<FieldNode>();

  /**
   * The selected fields, those of fragments included, by their names in the answer. Undefined if
   * there are too many.
   */
  function fieldsOf({ sets }: Selected): Map<string, FieldNode[]> | undefined {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const open = [...sets];
    for (let set = open.pop(); set; set = open.pop()) {
      for (const selection of set.selections) {
        if (++selections > limits.queryMaxSelections) return undefined;
        if (selection.kind === Kind.FIELD) {
          if (selection.alias) aliased.add(selection);
          const name = (selection.alias ?? selection.name).value;
          const same = fields.get(name);
          if (same) same.push(selection);
          else fields.set(name, [selection]);
        } else if (selection.kind === Kind.INLINE_FRAGMENT) open.push(selection.selectionSet);
        else if (!spread.has(selection.name.value)) {
          spread.add(selection.name.value);
          const fragment = fragments.get(selection.name.value);
          if (fragment) open.push(fragment);
        }
      }
    }
    return fields;
  }

  const unvisited: Selected[] = document.definitions.flatMap((definition) =>
    'selectionSet' in definition
      ? [
          {
            sets: [definition.selectionSet],
            depth: 0,
            listsAround:
              definition.kind === Kind.FRAGMENT_DEFINITION &&
              definition.typeCondition.name.value.startsWith('__')
                ? 0
                : undefined,
          },
        ]
      : [],
  );
  for (let selected = unvisited.pop(); selected; selected = unvisited.pop()) {
    const fields = fieldsOf(selected);
    if (!fields)
      return `The document selects more than ${limits.queryMaxSelections} fields; the fields of a fragment count wherever it is spread. Split it into several operations.`;
    if (aliased.size > limits.queryMaxAliases)
      return `The document has more than ${limits.queryMaxAliases} aliases. Split it into several operations.`;
    const depth = selected.depth + 1;
    if (selected.listsAround === undefined && depth > limits.queryMaxDepth && fields.size > 0)
      return `The operation is more than ${limits.queryMaxDepth} levels deep. Split it into several operations.`;
    for (const [name, same] of fields) {
      comparisons += (same.length * (same.length - 1)) / 2;
      if (comparisons > limits.queryMaxComparisons)
        return `The document selects fields repeatedly in the same place, such as \`${name}\`: more than ${limits.queryMaxComparisons} pairs of them would have to be compared. Select each field once, or in one fragment.`;
      const isIntrospection =
        selected.listsAround !== undefined ||
        same.some(({ name: { value } }) => value === '__schema' || value === '__type');
      if (isIntrospection && same.some(({ alias }) => alias))
        return 'An introspection cannot have aliases. Select each part once, in several operations.';
      const isPart = isIntrospection && partsOfTypes.has(name);
      if (isPart && selected.listsAround! > 0)
        return `An introspection cannot select \`${name}\` within another list. Query the types by name, with \`__type\`.`;
      const sets = same.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (sets.length === 0) continue;
      unvisited.push({
        sets,
        depth,
        listsAround: isIntrospection ? (selected.listsAround ?? 0) + (isPart ? 1 : 0) : undefined,
      });
    }
  }
  return undefined;
}
