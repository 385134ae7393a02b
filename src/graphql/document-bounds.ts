import { Kind, type DocumentNode, type FieldNode, type SelectionSetNode } from 'graphql';
import type { Limits } from '../limits.ts';

/** What stands at one place of the answer: the selection sets that are merged there. */
interface Place {
  readonly sets: readonly SelectionSetNode[];
  readonly depth: number;
  /** In an introspection, how many lists of types' parts stand around it. */
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
 * The bound that a document exceeds, and what to do; undefined when it keeps them all. The validation of a document within these bounds is
 * bounded work, as is the execution of an introspection. Fragments must not be cyclic.
 */
export function exceededBound(document: DocumentNode, limits: Limits): string | undefined {
  if (document.definitions.length > limits.queryMaxDefinitions)
    return `The document has ${document.definitions.length} operations and fragments; at most ${limits.queryMaxDefinitions} are allowed. Ask in several documents.`;

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

  /** The fields at a place by the name that they have in the answer, those of fragments too. Undefined when there are too many. */
  function fieldsAt({ sets }: Place): Map<string, FieldNode[]> | undefined {
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

  const places: Place[] = document.definitions.flatMap((definition) =>
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
  for (let place = places.pop(); place; place = places.pop()) {
    const fields = fieldsAt(place);
    if (!fields)
      return `The document selects more than ${limits.queryMaxSelections} fields, those of fragments counted wherever they are spread. Ask in several operations.`;
    if (aliased.size > limits.queryMaxAliases)
      return `The document has more than ${limits.queryMaxAliases} aliases. Ask in several operations.`;
    const depth = place.depth + 1;
    if (place.listsAround === undefined && depth > limits.queryMaxDepth && fields.size > 0)
      return `The operation is more than ${limits.queryMaxDepth} levels deep. Ask in several operations.`;
    for (const [name, same] of fields) {
      comparisons += (same.length * (same.length - 1)) / 2;
      if (comparisons > limits.queryMaxComparisons)
        return `Fields that are selected several times in one place, \`${name}\` among them, would have to be compared more than ${limits.queryMaxComparisons} times. Ask for each of them once, or in one fragment.`;
      const isIntrospection =
        place.listsAround !== undefined ||
        same.some(({ name: { value } }) => value === '__schema' || value === '__type');
      if (isIntrospection && same.some(({ alias }) => alias))
        return 'An introspection has no aliases. Ask for each part once, in several operations.';
      const isPart = isIntrospection && partsOfTypes.has(name);
      if (isPart && place.listsAround! > 0)
        return `\`${name}\` is selected within another list of an introspection. Ask for the types by their names.`;
      const sets = same.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (sets.length === 0) continue;
      places.push({
        sets,
        depth,
        listsAround: isIntrospection ? (place.listsAround ?? 0) + (isPart ? 1 : 0) : undefined,
      });
    }
  }
  return undefined;
}
