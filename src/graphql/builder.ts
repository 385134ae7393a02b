import SchemaBuilder from '@pothos/core';
import ComplexityPlugin from '@pothos/plugin-complexity';
import RelayPlugin from '@pothos/plugin-relay';
import { DateTimeResolver } from 'graphql-scalars';
import type { Context } from './context.ts';
import { Cursor, JSONObject } from './scalars.ts';

/** Types are added by the `*.graphql.ts` files; `schema.ts` imports them all. */
export const builder = new SchemaBuilder<{
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
}>({
  plugins: [ComplexityPlugin, RelayPlugin],
  defaultFieldNullability: false,
  // A list has to say how long it can be, with pageCost or atMost; one that does not is refused to everybody.
  complexity: { defaultListMultiplier: Infinity },
  relay: {
    nodeQueryOptions: false,
    nodesQueryOptions: false,
    // The connection itself counts its rows: see pageCost.
    edgesFieldOptions: { nullable: false, complexity: { field: 0, multiplier: 1 } },
    nodeFieldOptions: { nullable: false },
    clientMutationId: 'omit',
  },
});

/**
 * For `extensions` of a field whose value differs between viewers. A subscription that selects one runs for each viewer; one that
 * selects none runs once for all. A field that reads the viewer without this mark fails in the shared run, it never leaks.
 */
export const viewerDependent = { viewerDependent: true } as const;

/** For `extensions` of a field whose value may be larger than an answer. Its own rate has to bound it. */
export const unmeasured = { unmeasured: true } as const;

builder.queryType({});
builder.mutationType({});
builder.subscriptionType({});

builder.addScalarType('DateTime', DateTimeResolver, { description: 'RFC 3339, UTC.' });
builder.addScalarType('JSONObject', JSONObject, {});
builder.addScalarType('Cursor', Cursor, {});

/** Everything that has an id. */
export const NodeInterface = builder.interfaceRef<{ id: string }>('Node').implement({
  description: 'Everything that has an id.',
  fields: (t) => ({ id: t.exposeID('id') }),
});
