import type { Received } from './received.ts';
import type { Person } from './person.ts';

const fields =
  'id seq body metadata createdAt editedAt deletedAt pinnedAt author { username } mentions { username } replyTo { id body } reactions { emoji count viewerReacted }';

const mutation =
  <Input extends Record<string, unknown>>(name: string, inputType: string) =>
  async (person: Person, input: Input): Promise<any> =>
    (
      await person.query(
        `mutation ($input: ${inputType}!) { ${name}(input: $input) { message { ${fields} } } }`,
        { input },
      )
    )[name].message;

export const editMessage = mutation<{
  messageId: string;
  body?: string;
  metadata?: Record<string, unknown>;
}>('editMessage', 'EditMessageInput');
export const deleteMessage = mutation<{ messageId: string; reason?: string }>(
  'deleteMessage',
  'DeleteMessageInput',
);
export const pinMessage = mutation<{ messageId: string }>('pinMessage', 'PinInput');
export const unpinMessage = mutation<{ messageId: string }>('unpinMessage', 'PinInput');
export const addReaction = mutation<{ messageId: string; emoji: string }>(
  'addReaction',
  'ReactionInput',
);
export const removeReaction = mutation<{ messageId: string; emoji: string }>(
  'removeReaction',
  'ReactionInput',
);

/** The newest 100 messages with all that a client shows of them, oldest first. */
export const messagesNow = async (person: Person, conversationId: string): Promise<any[]> =>
  (
    await person.query(
      `query ($id: ID!) { conversation(id: $id) { messages(last: 100) { edges { node { ${fields} } } } } }`,
      { id: conversationId },
    )
  ).conversation.messages.edges.map(({ node }: any) => node);

/** Follows all events that change the result of `messagesNow`. */
export const followMessages = (
  person: Person,
  roomId: string,
  from: { after?: string; last?: number } = {},
): Received =>
  person.follow(
    `subscription ($roomId: ID!, $after: Cursor, $last: Int) { roomMessages(roomId: $roomId, after: $after, last: $last) {
      __typename cursor
      ... on MessageSent { message { ${fields} } }
      ... on MessageEdited { message { ${fields} } }
      ... on MessageDeleted { message { ${fields} } }
      ... on PinChanged { message { ${fields} } isPinned user { username } }
      ... on ReactionsChanged { message { ${fields} } reaction { user { username } emoji isAdded } }
      ... on MessagesExpired { upToSeq }
    } }`,
    { roomId, ...from },
  );

/** The page as a client shows it after these events. */
export function pageAfter(page: readonly any[], { events }: Received): any[] {
  const shown = new Map(page.map((message) => [message.id, message]));
  for (const { message, upToSeq } of events) {
    if (message) shown.set(message.id, message);
    // A reply shows the message that it answers.
    if (message)
      for (const [id, other] of shown)
        if (other.replyTo?.id === message.id)
          shown.set(id, { ...other, replyTo: { id: message.id, body: message.body } });
    if (upToSeq)
      for (const [id, other] of shown)
        if (other.seq <= upToSeq)
          shown.set(id, {
            ...other,
            body: null,
            mentions: [],
            reactions: [],
            deletedAt: expiredAt,
          });
  }
  return [...shown.values()].toSorted((one, other) => one.seq - other.seq);
}

export const expiredAt = 'expired';

export const search = async (
  person: Person,
  query: string,
  more: {
    conversationId?: string;
    first?: number;
    after?: string;
    last?: number;
    before?: string;
  } = {},
): Promise<any> =>
  (
    await person.query(
      `query ($query: String!, $conversationId: ID, $first: Int, $after: String, $last: Int, $before: String) {
      searchMessages(query: $query, conversationId: $conversationId, first: $first, after: $after, last: $last, before: $before) {
        edges { cursor node { id body conversation { id } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      { query, ...more },
    )
  ).searchMessages;

export const bodiesFound = async (...request: Parameters<typeof search>): Promise<string[]> =>
  (await search(...request)).edges.map(({ node }: any) => node.body);
