import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import { invalid } from '../errors.ts';
import type { Scope } from '../scope.ts';

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** What a page asks of its list. The bounds are the keys of rows that are not of the page themselves. */
export interface PageBounds<Key> {
  readonly after: Key | undefined;
  readonly before: Key | undefined;
  readonly limit: number;
  /** Read from the end of the list backwards. */
  readonly inverted: boolean;
}

/** One page of a list as a Relay connection, in both directions. Refuses a size over the limit instead of returning less than was asked for. */
export function readPage<Row, Key>(
  scope: Scope,
  args: PageArguments,
  list: {
    /** What the order of the list is made of; it becomes the row's cursor. */
    keyOf(row: Row): Key;
    read(bounds: PageBounds<Key>): Promise<Row[]>;
  },
) {
  const { pageDefault, pageMax } = scope.node.config.limits;
  for (const name of ['first', 'last'] as const) {
    const size = args[name];
    if (size != null && (size < 0 || size > pageMax)) throw invalid(`\`${name}\` must be between 0 and ${pageMax}; go on with \`${name === 'first' ? 'after' : 'before'}\`.`, name);
  }
  if (args.first != null && args.last != null) throw invalid('Ask for `first` or for `last`, not for both.', 'last');
  return resolveCursorConnection(
    { args, defaultSize: pageDefault, maxSize: pageMax, toCursor: (row: Row) => encodeKey(list.keyOf(row)) },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
      list.read({ after: decodeKey<Key>(after, 'after'), before: decodeKey<Key>(before, 'before'), limit, inverted }),
  );
}

/** What a connection costs: its page's size times what is asked of each row. */
export const pageCost = (args: PageArguments) => ({ field: 1, multiplier: Math.max(1, args.first ?? args.last ?? 50) });

const encodeKey = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');

function decodeKey<Key>(cursor: string | undefined, name: string): Key | undefined {
  if (cursor === undefined) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString()) as Key;
  } catch {
    throw invalid(`\`${name}\` is not a cursor of this list; pass one of its \`pageInfo\` or edges.`, name);
  }
}
