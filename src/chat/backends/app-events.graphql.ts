import { applicationEventTypes } from '../../events/catalogue.ts';
import { applicationTopic } from '../../events/topics.ts';
import { builder } from '../../graphql/builder.ts';
import { subscription } from '../../graphql/subscription.ts';
import type { LiveEvent } from '../../live/live-field.ts';
import type { Scope } from '../../scope.ts';
import { conversationById } from '../conversations/conversations.ts';
import { ConversationEvent } from '../conversations/events.graphql.ts';
import { messageById } from '../messages/message-row.ts';
import { requireService } from '../policy/service-calls.ts';
import { selectsTypes, startAppEvents } from './app-events.ts';

/** The conversation of an event; undefined for a note to the subscriber. */
const conversationIdOf = ({ data }: LiveEvent): string | undefined =>
  'conversationId' in data ? data.conversationId : undefined;

/** Whether the rows of an event still exist. */
async function hasRows(scope: Scope, event: LiveEvent): Promise<boolean> {
  const { data } = event;
  if ('messageId' in data) return (await messageById.load(scope, data.messageId)) !== null;
  const conversationId = conversationIdOf(event);
  return !conversationId || (await conversationById.load(scope, conversationId)) !== null;
}

const AppEvent = builder.objectRef<LiveEvent>('AppEvent').implement({
  description: 'An event of any conversation or user, for the backend of the application.',
  fields: (t) => ({
    cursor: t.field({
      type: 'Cursor',
      description:
        'The position of the event in `appEvents`, which also identifies it. Pass the last one as `after` to resume from there.',
      resolve: (event, _args, { scope }) => scope.node.cursors.encode(event),
    }),
    occurredAt: t.field({
      type: 'DateTime',
      description: 'The time of the event.',
      resolve: ({ occurredAt }) => new Date(occurredAt),
    }),
    type: t.string({
      description: 'The name of the type of `event`, such as `MessageSent`.',
      resolve: ({ type }) => type,
    }),
    conversationId: t.id({
      nullable: true,
      description:
        'The id of the conversation. Null for `UserUpdated`, `CaughtUp`, `StreamReset`, and a `push.wanted` about no conversation.',
      resolve: (event) => conversationIdOf(event) ?? null,
    }),
    event: t.field({
      type: ConversationEvent,
      nullable: true,
      description:
        'The event with its content, as of now. Null if the message or the conversation no longer exists.',
      resolve: async (event, _args, { scope }) => ((await hasRows(scope, event)) ? event : null),
    }),
  }),
});

subscription('appEvents', {
  type: AppEvent,
  description:
    'The events of all conversations, direct and support conversations included, and the changes of users, in one order. The order of each conversation is that of its own subscriptions. For backends with the scope `events`.',
  args: (arg) => ({
    after: arg({
      type: 'Cursor',
      description:
        'The cursor from which to resume. Everything that followed it is replayed, as long as events are kept.',
    }),
    types: arg.stringList({
      description: `The types of events to receive, besides \`CaughtUp\` and \`StreamReset\`. If omitted or empty, all: ${applicationEventTypes.map((type) => `\`${type}\``).join(', ')}. Others are \`INVALID\`.`,
    }),
  }),
  live: {
    prepare: startAppEvents,
    topic: () => applicationTopic,
    authorize: async (scope) => void requireService(scope, 'events'),
    selects: ({ types }) => selectsTypes(types),
    replaysAll: true,
  },
});
