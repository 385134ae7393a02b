import type { Received } from './received.ts';
import type { Person } from './person.ts';

/** The read state of a conversation for one user. */
export interface Standing {
  readonly newest: number;
  readonly readUpTo: number;
  readonly unread: number;
}

export const markRead = async (
  person: Person,
  conversationId: string,
  upToSeq: number,
): Promise<any> =>
  (
    await person.query(
      'mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { id unreadCount viewerMember { lastReadSeq } } } }',
      { input: { conversationId, upToSeq } },
    )
  ).markRead.conversation;

export async function standingOf(person: Person, conversationId: string): Promise<Standing> {
  const { conversation } = await person.query(
    'query ($id: ID!) { conversation(id: $id) { unreadCount viewerMember { lastReadSeq } lastMessage { seq } } }',
    { id: conversationId },
  );
  return {
    newest: conversation.lastMessage?.seq ?? 0,
    readUpTo: conversation.viewerMember?.lastReadSeq ?? 0,
    unread: conversation.unreadCount,
  };
}

/** The read state after an event, computed from the state before as the protocol describes. */
export function standingAfter(
  { newest, readUpTo, unread }: Standing,
  { __typename, message, user, upToSeq }: any,
  viewer: { readonly username: string },
): Standing {
  if (__typename === 'MessageSent')
    return message.author.username === viewer.username
      ? { newest: message.seq, readUpTo: message.seq, unread: 0 }
      : { newest: message.seq, readUpTo, unread: unread + 1 };
  if (__typename === 'MessagesRead' && user.username === viewer.username)
    return { newest, readUpTo: upToSeq, unread: newest - upToSeq };
  return { newest, readUpTo, unread };
}

const eventFields =
  '__typename cursor ... on MessageSent { message { seq body author { username } conversation { id } isRead } } ... on MessagesRead { upToSeq user { username } conversation { id } }';

export const followReading = (person: Person, after?: string): Received =>
  person.follow(
    `subscription ($after: Cursor) { privateMessages(after: $after) { ${eventFields} } }`,
    { after },
  );

export async function followReadingLive(person: Person): Promise<Received> {
  const received = followReading(person);
  await received.count(1);
  return received;
}

/** For each message in order: whether the other side has read it. */
export const readMarks = async (person: Person, conversationId: string): Promise<boolean[]> =>
  (
    await person.query(
      'query ($id: ID!) { conversation(id: $id) { messages(last: 100) { edges { node { isRead } } } } }',
      { id: conversationId },
    )
  ).conversation.messages.edges.map(({ node }: any) => node.isRead);
