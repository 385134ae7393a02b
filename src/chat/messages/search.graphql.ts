import { builder, viewerDependent } from '../../graphql/builder.ts';
import { pageCost } from '../../graphql/pages.ts';
import { Message, MessageConnection } from './messages.graphql.ts';
import { searchMessages } from './search.ts';

builder.queryField('searchMessages', (t) =>
  t.connection(
    {
      type: Message,
      description:
        'The messages that contain certain words, with the newest first. Searches all conversations that the viewer may see, or one of them. `TOO_COMPLEX` if the search takes too long.',
      extensions: viewerDependent,
      complexity: pageCost,
      args: {
        query: t.arg.string({
          required: true,
          description:
            'Words, all of which must occur, regardless of case and accents; at most 256 characters. The last one may be the beginning of a word. Also understood: `"quoted phrase"`, `or`, and `-word` to exclude a word.',
        }),
        conversationId: t.arg.id({
          description:
            'The id of a conversation to search. If omitted, all conversations are searched.',
        }),
      },
      resolve: (_root, args, { scope }) => searchMessages(scope, args),
    },
    MessageConnection,
  ),
);
