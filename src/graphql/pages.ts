import { resolveCursorConnection, type ResolveCursorConnectionArgs } from '@pothos/plugin-relay';
import type { z } from 'zod';
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
export async function readPage<Row, Key>(
  scope: Scope,
  args: PageArguments,
  list: {
    /** What the order of the list is made of; it becomes the row's cursor. */
    keyOf(row: Row): Key;
    /** What can be such a key. Cursors come from clients, and may hold anything. */
    readonly keys: z.ZodType<Key>;
    read(bounds: PageBounds<Key>): Promise<Row[]>;
  },
) {
  const { pageDefault, pageMax } = scope.node.config.limits;
  for (const name of ['first', 'last'] as const) {
    const size = args[name];
    if (size != null && (size < 0 || size > pageMax))
      throw invalid(
        `\`${name}\` must be between 0 and ${pageMax}; go on with \`${name === 'first' ? 'after' : 'before'}\`.`,
        name,
      );
  }
  if (args.first != null && args.last != null)
    throw invalid('Ask for `first` or for `last`, not for both.', 'last');
  const page = await resolveCursorConnection(
    {
      args,
      defaultSize: pageDefault,
      maxSize: pageMax,
      toCursor: (row: Row) => encodeKey(list.keyOf(row)),
    },
    ({ after, before, limit, inverted }: ResolveCursorConnectionArgs) =>
      list.read({
        after: decodeKey(list.keys, after, 'after'),
        before: decodeKey(list.keys, before, 'before'),
        limit,
        inverted,
      }),
  );
  // Relay has null for the cursors of an empty page, the library an empty text.
  return page.edges.length > 0
    ? page
    : { ...page, pageInfo: { ...page.pageInfo, startCursor: null, endCursor: null } };
}

/** What a connection costs: its page's size times what is asked of each row. */
export const pageCost = (args: PageArguments) => ({
  field: 1,
  multiplier: Math.max(1, args.first ?? args.last ?? 50),
});

/** What a list without pages costs: it has at most so many items. */
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
      `\`${name}\` is not a cursor of this list; pass one of its \`pageInfo\` or edges.`,
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
