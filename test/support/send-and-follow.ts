import type { Received } from './received.ts';
import type { Person } from './person.ts';

const events = `__typename cursor occurredAt
  ... on MessageSent { message { id seq body author { username } } }
  ... on MemberJoined { user { username } }
  ... on MemberLeft { user { username } reason }
  ... on RoomUpdated { room { name topic } }
  ... on CaughtUp { replayed }
  ... on StreamReset { resetReason }`;

const roomMessages = `subscription ($roomId: ID!, $after: Cursor, $last: Int) { roomMessages(roomId: $roomId, after: $after, last: $last) { ${events} } }`;

/** Follows a room over the person's socket, or over another one. */
export const follow = (
  person: Person,
  roomId: string,
  from: { after?: string; last?: number } = {},
  socket = person.socket,
): Received => person.follow(roomMessages, { roomId, ...from }, socket);

/** Follows, and resolves after `CaughtUp`. */
export async function followLive(
  person: Person,
  roomId: string,
  socket = person.socket,
): Promise<Received> {
  const received = follow(person, roomId, {}, socket);
  await received.find(({ __typename }) => __typename === 'CaughtUp');
  return received;
}

export async function send(
  person: Person,
  conversationId: string,
  body: string,
  more: Record<string, unknown> = {},
): Promise<{ id: string; seq: number }> {
  const { sendMessage } = await person.query(
    'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { duplicate message { id seq body } } }',
    { input: { conversationId, body, ...more } },
  );
  return sendMessage.message;
}

export const bodies = ({ events }: Received): string[] =>
  events
    .filter(({ __typename }) => __typename === 'MessageSent')
    .map(({ message }) => message.body);
export const kinds = ({ events }: Received): string[] => events.map(({ __typename }) => __typename);

export const bodiesUpTo = (count: number, from = 1): string[] =>
  Array.from({ length: count - from + 1 }, (_, place) => `${from + place}`);
