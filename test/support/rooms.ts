import { Person, query } from './person.ts';
import type { Received } from './received.ts';
import type { TestNode } from './start-node.ts';

const roomFields =
  'id name topic visibility memberCount slowModeSeconds archivedAt createdAt unreadCount viewerMember { role joinedAt lastReadSeq user { username } }';

const roomMutation =
  <Input>(name: string, inputType: string) =>
  async (person: Person, input: Input): Promise<any> =>
    (
      await person.query(
        `mutation ($input: ${inputType}!) { ${name}(input: $input) { room { ${roomFields} } } }`,
        { input },
      )
    )[name].room;

export const createRoom = roomMutation<{
  name: string;
  topic?: string | null;
  visibility?: 'PUBLIC' | 'PRIVATE' | null;
}>('createRoom', 'CreateRoomInput');
export const updateRoom = roomMutation<{ roomId: string } & Record<string, unknown>>(
  'updateRoom',
  'UpdateRoomInput',
);
export const joinRoom = roomMutation<{ roomId?: string | null; name?: string | null }>(
  'joinRoom',
  'JoinRoomInput',
);
export const leaveRoom = roomMutation<{ roomId: string }>('leaveRoom', 'LeaveRoomInput');
export const inviteToRoom = roomMutation<{ roomId: string; userIds: string[] }>(
  'inviteToRoom',
  'InviteToRoomInput',
);

/** The room. Null if the person cannot see such a room. */
export const findRoom = async (person: Person, by: { id?: string; name?: string }): Promise<any> =>
  (
    await person.query(
      `query ($id: ID, $name: String) { room(id: $id, name: $name) { ${roomFields} } }`,
      by,
    )
  ).room;

export interface Page {
  readonly first?: number;
  readonly after?: string;
  readonly last?: number;
  readonly before?: string;
}
const pageVariables = '$first: Int, $after: String, $last: Int, $before: String';
const pageArguments = 'first: $first, after: $after, last: $last, before: $before';
const pageInfo = 'pageInfo { hasNextPage hasPreviousPage startCursor endCursor }';

export const pageOfRooms = async (
  person: Person,
  variables: Page & { search?: string; joined?: boolean } = {},
): Promise<any> =>
  (
    await person.query(
      `query ($search: String, $joined: Boolean, ${pageVariables}) { rooms(search: $search, joined: $joined, ${pageArguments}) { edges { cursor node { ${roomFields} } } ${pageInfo} } }`,
      variables as Record<string, unknown>,
    )
  ).rooms;

export const roomNames = async (
  person: Person,
  variables: Page & { search?: string; joined?: boolean } = {},
): Promise<string[]> => namesOn(await pageOfRooms(person, variables));
export const namesOn = (page: any): string[] => page.edges.map(({ node }: any) => node.name);

/** A page of members. Rejects with the code of the field's error if the person may not see them. */
export const pageOfMembers = async (
  person: Person,
  roomId: string,
  page: Page = {},
): Promise<any> =>
  (
    await person.query(
      `query ($id: ID!, ${pageVariables}) { conversation(id: $id) { members(${pageArguments}) { edges { cursor node { role user { username } } } ${pageInfo} } } }`,
      { id: roomId, ...page },
    )
  ).conversation.members;

export const membersOn = (page: any): string[] =>
  page.edges.map(({ node }: any) => node.user.username);
export const memberNames = async (person: Person, roomId: string): Promise<string[]> =>
  membersOn(await pageOfMembers(person, roomId));

/** Follows the events about members and settings of a room. */
export const followRoom = (person: Person, roomId: string, after?: string): Received =>
  person.follow(
    `subscription ($roomId: ID!, $after: Cursor) { roomMessages(roomId: $roomId, after: $after) {
      __typename cursor
      ... on MemberJoined { user { username displayName createdAt } conversation { id } }
      ... on MemberLeft { user { username } reason }
      ... on RoomUpdated { room { name topic visibility slowModeSeconds archivedAt createdAt } }
    } }`,
    { roomId, after },
  );

export async function guest(node: TestNode, displayName: string): Promise<Person> {
  const { signInAsGuest } = await query(
    node.url,
    'mutation ($input: SignInAsGuestInput!) { signInAsGuest(input: $input) { session { accessToken refreshToken user { id username } } } }',
    { input: { displayName } },
  );
  return new Person(node, signInAsGuest.session);
}
