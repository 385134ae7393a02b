import { builder, viewerDependent } from '../../graphql/builder.ts';
import { mutation } from '../../graphql/mutation.ts';
import { atMost, itemsOf } from '../../graphql/pages.ts';
import { User } from '../people/users.graphql.ts';
import { MessagePayload } from './message-changes.graphql.ts';
import { Message } from './messages.graphql.ts';
import {
  addReaction,
  distinctMax,
  reactionsOf,
  reactionsOfViewer,
  removeReaction,
  usersOfReaction,
  type ReactionCount,
} from './reactions.ts';

/** The number of users without the argument `first`. */
const usersShown = 10;

const Reaction = builder.objectRef<ReactionCount>('Reaction').implement({
  description: 'An emoji with which users reacted to a message.',
  fields: (t) => ({
    emoji: t.exposeString('emoji', { description: 'The emoji, in its fully qualified form.' }),
    count: t.exposeInt('count', {
      description: 'The number of users who reacted with this emoji.',
    }),
    viewerReacted: t.boolean({
      description: 'Whether the viewer reacted with this emoji.',
      extensions: viewerDependent,
      resolve: async ({ messageId, emoji }, _args, { scope }) =>
        (await reactionsOfViewer.load(scope, messageId)).has(emoji),
    }),
    users: t.field({
      type: [User],
      description: 'The users who reacted with this emoji, in the order of their reactions.',
      args: {
        first: t.arg.int({
          defaultValue: usersShown,
          description: 'The number of users, 0–100. The rest of `count` is not listed.',
        }),
      },
      complexity: ({ first }) => atMost(itemsOf(first ?? usersShown)),
      resolve: (reaction, { first }, { scope }) =>
        usersOfReaction(scope, reaction, first ?? usersShown),
    }),
  }),
});

builder.objectField(Message, 'reactions', (t) =>
  t.field({
    type: [Reaction],
    description:
      'The reactions to the message: at most 20 different emoji, in the order of their first use.',
    complexity: atMost(distinctMax),
    resolve: async ({ id }, _args, { scope }) => [...(await reactionsOf.load(scope, id))],
  }),
);

const ReactionInput = builder.inputType('ReactionInput', {
  description: 'A message, and the emoji of a reaction to it.',
  fields: (t) => ({
    messageId: t.id({
      required: true,
      description: 'The id of the message. `NOT_FOUND` if the viewer may not see it.',
    }),
    emoji: t.string({
      required: true,
      description:
        'Exactly one Unicode emoji. Skin tones, flags and sequences are allowed. `INVALID` for other text.',
    }),
  }),
});

mutation('addReaction', {
  description:
    "Adds the viewer's reaction to a message. For members who may write. An existing reaction stays as it is. `CONFLICT` if the message was deleted, or already has 20 other emoji.",
  input: ReactionInput,
  payload: MessagePayload,
  resolve: async (input, { scope }) => ({ message: await addReaction(scope, input) }),
});

mutation('removeReaction', {
  description:
    "Removes the viewer's reaction from a message. For members. Succeeds if there is no such reaction.",
  input: ReactionInput,
  payload: MessagePayload,
  resolve: async (input, { scope }) => ({ message: await removeReaction(scope, input) }),
});
