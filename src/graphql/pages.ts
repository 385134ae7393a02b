import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import type { z } from 'zod';
import { invalid } from '../errors.ts';
import { defaultLimits } from '../limits.ts';
import type { Scope } from '../scope.ts';

export interface PageArguments {
  readonly first?: number | null;
  readonly after?: string | null;
  readonly last?: number | null;
  readonly before?: string | null;
}

/** The query of a page. The bounds are keys of rows outside the page. */
export interface PageBounds<Key> {
  readonly after: Key | undefined;
  readonly before: Key | undefined;
  readonly limit: number;
  /** Whether to read backwards from the end of the list. */
  readonly inverted: boolean;
}

/**
 * Reads one page of a list as a Relay connection, in either direction. Throws INVALID for a size
 * over the limit.
 */
export async function readPage<Row, Key>(
  scope: Scope,
  args: PageArguments,
  list: {
    /** The sort key of a row, which becomes its cursor. */
    keyOf(row: Row): Key;
    /** The schema of keys. Cursors come from clients, and may contain anything. */
    readonly keys: z.ZodType<Key>;
    read(bounds: PageBounds<Key>): Promise<Row[]>;
    /** Whether the viewer may see nothing of the list. The arguments are checked all the same. */
    readonly isEmpty?: boolean;
  },
) {
  const { pageDefault, pageMax } = scope.node.config.limits;
  for (const name of ['first', 'last'] as const) {
    const size = args[name];
    if (size != null && (size < 0 || size > pageMax))
      throw invalid(
        `\`${name}\` must be between 0 and ${pageMax}. For more, request the next page with \`${name === 'first' ? 'after' : 'before'}\`.`,
        name,
      );
  }
  if (args.first != null && args.last != null)
    throw invalid('Pass either `first` or `last`, not both.', 'last');
  const read = list.isEmpty ? async () => [] : list.read;
  const { readInTurn = runAtOnce } = scope;
  const page = await resolveCursorConnection(
    {
      args,
      defaultSize: pageDefault,
      maxSize: pageMax,
      toCursor: (row: Row) => encodeKey(list.keyOf(row)),
    },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) => {
      const bounds = {
        after: decodeKey(list.keys, after, 'after'),
        before: decodeKey(list.keys, before, 'before'),
        limit,
        inverted,
      };
      return readInTurn(() => read(bounds));
    },
  );
  // For an empty page, Relay requires null cursors; the library returns empty strings.
  return page.edges.length > 0
    ? page
    : { ...page, pageInfo: { ...page.pageInfo, startCursor: null, endCursor: null } };
}

const runAtOnce = <Result>(read: () => Promise<Result>) => read();

/**
 * The cost of a page: reading it, and its size times the cost of a row. Each page is a query of its
 * own, which takes about as much time as the execution of 100 fields [P13].
 */
export const pageCost = ({ first, last }: PageArguments) => ({
  field: 100,
  multiplier: itemsOf(first ?? last ?? defaultLimits.pageDefault),
});

/**
 * The number of items for which a page of this size counts. A size over the limit counts as the
 * limit, because the page is refused when it is read: with INVALID and the name of the argument,
 * however large the number is [P12].
 */
export const itemsOf = (size: number): number => Math.max(1, Math.min(size, defaultLimits.pageMax));

/** The cost of a list without pages, which has at most this many items. */
export const atMost = (items: number) => ({ field: 1, multiplier: items });

const encodeKey = (key: unknown) => Buffer.from(JSON.stringify(key)).toString('base64url');

function decodeKey<Key>(
  keys: z.ZodType<Key>,
  cursor: string | undefined,
  name: string,
): Key | undefined {
  if (cursor === undefined) return undefined;
  const { success, data } = keys.safeParse(parse(Buffer.from(cursor, 'base64url').toString()));
  if (!success)
    throw invalid(
      `\`${name}\` is not a cursor of this list. Pass one from its \`pageInfo\` or edges.`,
      name,
    );
  return data;
}

function parse(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}
