import { builder, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { pageCost } from '../../graphql/pages.ts';
import { blockUser, listBlocked, relationTo, unblockUser } from './blocks.ts';
import { User, UserConnection, UserPayload } from './users.graphql.ts';

builder.objectField(User, 'viewerBlocked', (t) =>
  t.boolean({
    description: 'Whether the viewer blocked the user.',
    extensions: viewerDependent,
    resolve: async ({ id }, _args, { scope }) =>
      (await relationTo.load(scope, id)).blockedAt !== null,
  }),
);

builder.queryField('blockedUsers', (t) =>
  t.connection(
    {
      type: User,
      description: 'The users whom the viewer blocked, with the last one first.',
      extensions: viewerDependent,
      complexity: pageCost,
      resolve: (_root, page, { scope }) => listBlocked(scope, page),
    },
    UserConnection,
  ),
);

const BlockUserInput = builder.inputType('BlockUserInput', {
  description: 'The user to block or to unblock.',
  fields: (t) => ({
    userId: t.id({
      required: true,
      description: 'The id of the user. `NOT_FOUND` if there is none.',
    }),
  }),
});

mutation('blockUser', {
  description:
    'Blocks a user: private messages, notifications, typing, presence, signals and invitations of the user no longer reach the viewer, and the user cannot tell. Messages in shared rooms stay visible. `CONFLICT` for the viewer, and beyond 1000 blocked users.',
  input: BlockUserInput,
  payload: UserPayload,
  resolve: async ({ userId }, { scope }) => ({ user: await blockUser(scope, userId) }),
});

mutation('unblockUser', {
  description:
    'Unblocks a user. Private messages that were sent while the user was blocked stay hidden.',
  input: BlockUserInput,
  payload: UserPayload,
  resolve: async ({ userId }, { scope }) => ({ user: await unblockUser(scope, userId) }),
});
