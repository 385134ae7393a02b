import { invalid } from '../errors.ts';
import { builder, NodeInterface, viewerDependent } from '../graphql/builder.ts';
import { findNode, rowsRead } from './nodes.ts';

/** The most ids in one request. */
const idsMax = 100;

builder.queryField('node', (t) =>
  t.field({
    type: NodeInterface,
    nullable: true,
    description:
      'The object with this id, of any type. Null if it does not exist or the viewer may not see it.',
    extensions: viewerDependent,
    complexity: rowsRead,
    args: { id: t.arg.id({ required: true, description: 'The id of the object.' }) },
    resolve: (_root, { id }, { scope }) => findNode(scope, id),
  }),
);

builder.queryField('nodes', (t) =>
  t.field({
    type: [NodeInterface],
    nullable: { list: false, items: true },
    description:
      'The objects with these ids, in the same order, with null for each that does not exist or that the viewer may not see.',
    extensions: viewerDependent,
    complexity: { field: rowsRead * idsMax, multiplier: idsMax },
    args: {
      ids: t.arg.idList({
        required: true,
        description: `The ids of the objects, at most ${idsMax}.`,
      }),
    },
    resolve(_root, { ids }, { scope }) {
      if (ids.length > idsMax)
        throw invalid(
          `Pass at most ${idsMax} ids. Ask for the others with another request.`,
          'ids',
        );
      return Promise.all(ids.map((id) => findNode(scope, id)));
    },
  }),
);
