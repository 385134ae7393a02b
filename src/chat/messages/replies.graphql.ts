import { builder, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { Message, MessageConnection } from './messages.graphql.ts';
import { listReplies, replyCount } from './replies.ts';

builder.objectFields(Message, (t) => ({
  replyCount: t.int({
    description: 'The number of replies to the message, without deleted ones.',
    extensions: viewerDependent,
    resolve: ({ id }, _args, { scope }) => replyCount.load(scope, id),
  }),
  replies: t.connection(
    {
      type: Message,
      description:
        'The replies to the message, with the oldest first, without deleted ones. Empty if the viewer may not see them.',
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (message, page, { scope }) => listReplies(scope, message, page),
    },
    MessageConnection,
  ),
}));
