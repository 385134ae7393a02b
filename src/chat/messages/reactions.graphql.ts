import { builder, viewerDependent } from '../../graphql/builder.ts';
import { atMost } from '../../graphql/pages.ts';
import { MessagePayload } from './message-changes.graphql.ts';
import { Message } from './messages.graphql.ts';
import {
  addReaction,
  distinctMax,
  reactionsOf,
  reactionsOfViewer,
  removeReaction,
  type ReactionCount,
} from './reactions.ts';

const Reaction = builder.objectRef<ReactionCount>('Reaction').implement({
  description: 'An emoji that was given to a message.',
  fields: (t) => ({
    emoji: t.exposeString('emoji', { description: 'The emoji, in its fully-qualified form.' }),
    count: t.exposeInt('count', { description: 'How many gave it.' }),
    viewerReacted: t.boolean({
      description: 'Whether the viewer did.',
      extensions: viewerDependent,
      resolve: async ({ messageId, emoji }, _args, { scope }) =>
        (await reactionsOfViewer.load(scope, messageId)).has(emoji),
    }),
  }),
});

builder.objectField(Message, 'reactions', (t) =>
  t.field({
    type: [Reaction],
    description: 'What it was given, at most 20 different, in the order in which each first came.',
    complexity: atMost(distinctMax),
    resolve: async ({ id }, _args, { scope }) => [...(await reactionsOf.load(scope, id))],
  }),
);

const ReactionInput = builder.inputType('ReactionInput', {
  description: 'An emoji for a message.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'The message.' }),
    emoji: t.string({
      required: true,
      description: 'One emoji of Unicode, with skin tones, flags and sequences.',
    }),
  }),
});

builder.mutationFields((t) => ({
  addReaction: t.field({
    type: MessagePayload,
    description:
      'Gives a message an emoji. For members who can write there. Given again, nothing happens; CONFLICT when it was deleted or has 20 different ones already.',
    args: {
      input: t.arg({
        type: ReactionInput,
        required: true,
        description: 'Which message, and what.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({ message: await addReaction(scope, input) }),
  }),
  removeReaction: t.field({
    type: MessagePayload,
    description:
      "Takes the viewer's emoji back. For members. Where there is none, nothing happens.",
    args: {
      input: t.arg({
        type: ReactionInput,
        required: true,
        description: 'Of which message, and what.',
      }),
    },
    resolve: async (_root, { input }, { scope }) => ({
      message: await removeReaction(scope, input),
    }),
  }),
}));
