import type { Received } from './received.ts';
import type { Person } from './person.ts';

const fields =
  'id status archivedAt unreadCount customer { username } assignee { username } lastMessage { seq body }';

export const mySupport = async (person: Person): Promise<any> =>
  (await person.query(`{ mySupportConversation { ${fields} viewerMember { lastReadSeq } } }`))
    .mySupportConversation;

/** The support conversations in the list of the desk. */
export const supportList = async (
  person: Person,
  variables: Record<string, unknown> = {},
): Promise<any[]> => (await pageOfSupport(person, variables)).edges.map(({ node }: any) => node);

export const pageOfSupport = async (
  person: Person,
  variables: Record<string, unknown> = {},
): Promise<any> =>
  (
    await person.query(
      `query ($status: SupportStatus, $first: Int, $after: String) { supportConversations(status: $status, first: $first, after: $after) { edges { node { ${fields} } } pageInfo { endCursor hasNextPage } } }`,
      variables,
    )
  ).supportConversations;

export const assign = async (
  person: Person,
  conversationId: string,
  assigneeId: string | null,
): Promise<any> =>
  (
    await person.query(
      `mutation ($input: AssignSupportInput!) { assignSupport(input: $input) { conversation { ${fields} } } }`,
      { input: { conversationId, assigneeId } },
    )
  ).assignSupport.conversation;

export const resolve = async (person: Person, conversationId: string): Promise<any> =>
  (
    await person.query(
      `mutation ($input: ResolveSupportInput!) { resolveSupport(input: $input) { conversation { ${fields} } } }`,
      { input: { conversationId } },
    )
  ).resolveSupport.conversation;

/** Follows support messages: of one conversation, otherwise the own ones, or all for an admin. */
export const followSupport = (
  person: Person,
  from: { after?: string; conversationId?: string } = {},
  socket = person.socket,
): Received =>
  person.follow(
    `subscription ($after: Cursor, $conversationId: ID) { supportMessages(after: $after, conversationId: $conversationId) { __typename cursor
      ... on MessageSent { message { seq body author { username } conversation { id } } }
      ... on SupportUpdated { conversation { id status assignee { username } } }
      ... on MessagesRead { upToSeq user { username } conversation { id } }
      ... on DeskChanged { user { username role } }
      ... on MemberLeft { user { username } leaveReason }
      ... on StreamReset { reason } } }`,
    from,
    socket,
  );

/** Follows, and resolves after `CaughtUp`. */
export async function followSupportLive(
  person: Person,
  from: { after?: string; conversationId?: string } = {},
  socket = person.socket,
): Promise<Received> {
  const received = followSupport(person, from, socket);
  await received.find(({ __typename }) => __typename === 'CaughtUp');
  return received;
}
