import { builder, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { Message, MessageConnection } from './messages.graphql.ts';
import { searchMessages } from './search.ts';

builder.queryField('searchMessages', (t) =>
  t.connection(
    {
      type: Message,
      description:
        'Messages by their words, newest first, in all conversations that the viewer may look at, or in one of them.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        query: t.arg.string({
          required: true,
          description:
            'Whole words, in upper or lower case, all of which a message has; "words in quotes" beside each other; `or` between, `-` in front of a word. At most 256 characters.',
        }),
        conversationId: t.arg.id({ description: 'Only in this conversation.' }),
      },
      resolve: (_root, args, { scope }) => searchMessages(scope, args),
    },
    MessageConnection,
  ),
);
