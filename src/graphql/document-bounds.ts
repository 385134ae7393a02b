import {
  Kind,
  type DocumentNode,
  type FieldNode,
  type SelectionNode,
  type SelectionSetNode,
} from 'graphql';
import type { Limits } from '../limits.ts';
import { fragmentsOf } from './fragments.ts';

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

  const fragments = fragmentsOf(document);
  let selections = 0;
  let comparisons = 0;
  const aliased = new Set<FieldNode>();

  /** The selected fields, those of fragments included, by their names in the answer. */
  function fieldsOf({ sets }: Selected): Map<string, FieldNode[]> {
    const fields = new Map<string, FieldNode[]>();
    const spread = new Set<string>();
    const open = [...sets];

    function add(field: FieldNode): void {
      if (field.alias) aliased.add(field);
      const name = (field.alias ?? field.name).value;
      const same = fields.get(name);
      if (same) same.push(field);
      else fields.set(name, [field]);
    }

    function visit(selection: SelectionNode): void {
      if (selection.kind === Kind.FIELD) return add(selection);
      if (selection.kind === Kind.INLINE_FRAGMENT) return void open.push(selection.selectionSet);
      const name = selection.name.value;
      const fragment = fragments.get(name);
      if (fragment && !spread.has(name)) open.push(fragment.selectionSet);
      spread.add(name);
    }

    for (let set = open.pop(); set; set = open.pop())
      for (const selection of set.selections) {
        if (++selections > limits.queryMaxSelections) return fields;
        visit(selection);
      }
    return fields;
  }

  const unvisited = rootsOf(document);
  for (let selected = unvisited.pop(); selected; selected = unvisited.pop()) {
    const fields = fieldsOf(selected);
    if (selections > limits.queryMaxSelections)
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
      const listsAround = selected.listsAround ?? (startsIntrospection(same) ? 0 : undefined);
      if (listsAround !== undefined) {
        const fault = introspectionFault(name, same, listsAround);
        if (fault !== undefined) return fault;
      }
      const sets = same.flatMap(({ selectionSet }) => selectionSet ?? []);
      if (sets.length > 0)
        unvisited.push({ sets, depth, listsAround: listsInside(name, listsAround) });
    }
  }
  return undefined;
}

/** The selections of each operation and fragment of a document. */
function rootsOf(document: DocumentNode): Selected[] {
  const roots: Selected[] = [];
  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION)
      roots.push({ sets: [definition.selectionSet], depth: 0, listsAround: undefined });
    if (definition.kind === Kind.FRAGMENT_DEFINITION) {
      const isOfIntrospection = definition.typeCondition.name.value.startsWith('__');
      const listsAround = isOfIntrospection ? 0 : undefined;
      roots.push({ sets: [definition.selectionSet], depth: 0, listsAround });
    }
  }
  return roots;
}

const startsIntrospection = (fields: readonly FieldNode[]): boolean =>
  fields.some(({ name: { value } }) => value === '__schema' || value === '__type');

function introspectionFault(
  name: string,
  fields: readonly FieldNode[],
  listsAround: number,
): string | undefined {
  if (fields.some(({ alias }) => alias))
    return 'An introspection cannot have aliases. Select each part once, in several operations.';
  if (partsOfTypes.has(name) && listsAround > 0)
    return `An introspection cannot select \`${name}\` within another list. Query the types by name, with \`__type\`.`;
  return undefined;
}

/** The number of lists around the selections of a field. */
function listsInside(name: string, listsAround: number | undefined): number | undefined {
  if (listsAround === undefined) return undefined;
  return partsOfTypes.has(name) ? listsAround + 1 : listsAround;
}
