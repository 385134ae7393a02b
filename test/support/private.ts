import type { Received } from './received.ts';
import type { Person } from './person.ts';

const messageFields = 'id seq body isMine author { username } replyTo { body }';
const sendDocument = `mutation ($input: SendPrivateMessageInput!) { sendPrivateMessage(input: $input) { duplicate delivered message { ${messageFields} } conversation { id peer { username } } } }`;

export const sendPrivate = async (
  from: Person,
  to: { readonly id: string },
  body: string,
  more: Record<string, unknown> = {},
): Promise<any> =>
  (await from.query(sendDocument, { input: { toUserId: to.id, body, ...more } }))
    .sendPrivateMessage;

/** Follows the person's private messages: all, or those with one user. */
export const followPrivate = (
  person: Person,
  from: { after?: string; withUserId?: string } = {},
  socket = person.socket,
): Received =>
  person.follow(
    `subscription ($after: Cursor, $withUserId: ID) { privateMessages(after: $after, withUserId: $withUserId) { __typename cursor
      ... on MessageSent { message { id seq body author { username } conversation { id } } }
      ... on MemberLeft { user { username } leaveReason }
      ... on CaughtUp { replayed }
      ... on StreamReset { reason } } }`,
    from,
    socket,
  );

/** Follows, and resolves after `CaughtUp`. */
export async function followPrivateLive(
  person: Person,
  from: { after?: string; withUserId?: string } = {},
  socket = person.socket,
): Promise<Received> {
  const received = followPrivate(person, from, socket);
  await received.find(({ __typename }) => __typename === 'CaughtUp');
  return received;
}

export const directConversations = async (
  person: Person,
  page: Record<string, unknown> = {},
): Promise<any> =>
  (
    await person.query(
      `query ($first: Int, $after: String, $last: Int, $before: String) { directConversations(first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { id archivedAt unreadCount peer { username } lastMessage { seq body } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      page,
    )
  ).directConversations;

export const peersOn = (page: any): string[] =>
  page.edges.map(({ node }: any) => node.peer.username);

/** The conversation as the person sees it. Null if it is hidden from them. */
export const conversationSeenBy = async (person: Person, id: string): Promise<any> =>
  (
    await person.query(
      `query ($id: ID!) { conversation(id: $id) { __typename id unreadCount viewerMember { lastReadSeq } lastMessage { body }
      messages(last: 100) { edges { node { seq body author { username } } } } members { edges { node { user { username } } } } } }`,
      { id },
    )
  ).conversation;
