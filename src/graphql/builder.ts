import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import RelayPlugin from '@pothos/plugin-relay';
import type { Context } from './context.ts';
import { Cursor, DateTime, JSONObject } from './scalars.ts';

interface Types {
  Context: Context;
  Scalars: {
    ID: { Input: string; Output: string };
    Cursor: { Input: string; Output: string };
    DateTime: { Input: Date; Output: Date };
    JSONObject: { Input: Record<string, unknown>; Output: Record<string, unknown> };
  };
  DefaultFieldNullability: false;
  DefaultEdgesNullability: false;
  DefaultNodeNullability: false;
}

/** The types of the builder, for helpers that take types or fields of the schema. */
export type ApiTypes = PothosSchemaTypes.ExtendDefaultTypes<Types>;

/** Types are added by the `*.graphql.ts` files; `schema.ts` imports them all. */
export const builder = new SchemaBuilder<Types>({
  plugins: [ComplexityPlugin, RelayPlugin],
  defaultFieldNullability: false,
  // A list states its greatest length with pageCost or atMost. A list without one exceeds every
  // limit, so that a test notices it.
  complexity: { defaultListMultiplier: Infinity },
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    clientMutationId: 'omit',
    // The connection itself counts its rows: see pageCost.
    edgesFieldOptions: {
      nullable: false,
      complexity: { field: 0, multiplier: 1 },
      description: 'The items of the page, each with its cursor.',
    },
    nodeFieldOptions: { nullable: false, description: 'The item itself.' },
    cursorFieldOptions: {
      description: 'The position of the item in the list. Pass it as `after` or `before`.',
    },
    pageInfoFieldOptions: { description: 'The position of the page in the whole list.' },
    pageInfoTypeOptions: {
      description: 'The position of a page in its list, as in the Relay connection specification.',
    },
    hasNextPageFieldOptions: {
      description: 'Whether more items follow the page. Meaningful when paging with `first`.',
    },
    hasPreviousPageFieldOptions: {
      description: 'Whether more items precede the page. Meaningful when paging with `last`.',
    },
    startCursorFieldOptions: {
      description: 'The cursor of the first item. Null if the page is empty.',
    },
    endCursorFieldOptions: {
      description: 'The cursor of the last item. Null if the page is empty.',
    },
    firstArgOptions: {
      description: 'The number of items from the start of the list, 0–100. The default is 50.',
    },
    afterArgOptions: { description: 'A cursor of this list. The page begins after it.' },
    lastArgOptions: {
      description:
        'The number of items from the end of the list, 0–100. `INVALID` together with `first`.',
    },
    beforeArgOptions: { description: 'A cursor of this list. The page ends before it.' },
  },
});

/**
 * For `extensions` of a field whose value differs between viewers. A subscription that selects such
 * a field is executed for each viewer; any other is executed once for all. A field that reads the
 * viewer without this mark fails in the shared execution, so it never leaks.
 */
export const viewerDependent = { viewerDependent: true } as const;

/**
 * For `extensions` of a field whose value may be larger than an answer. A rate limit of its own
 * must bound it.
 */
export const unmeasured = { unmeasured: true } as const;

builder.queryType({ description: 'The operations that read data.' });
builder.mutationType({ description: 'The operations that change data.' });
builder.subscriptionType({
  description:
    'The streams of events, over a WebSocket (graphql-transport-ws) or as server-sent events.',
});

builder.addScalarType('DateTime', DateTime, {});
builder.addScalarType('JSONObject', JSONObject, {});
builder.addScalarType('Cursor', Cursor, {});

/** Resolves `id` from the row. A type whose rows have no such column resolves it itself. */
export const NodeInterface = builder.interfaceRef<object>('Node').implement({
  description: 'An object with an id.',
  fields: (t) => ({
    id: t.id({
      description: 'The permanent id of the object.',
      resolve: (row) => (row as { id: string }).id,
    }),
  }),
});
