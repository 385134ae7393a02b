import type { Received } from './received.ts';
import type { Person } from './person.ts';

const entryFields =
  'id action role reason until createdAt moderator { username } user { username } message { id body }';
const memberFields = 'role mutedUntil user { username }';
const reportFields =
  'id reason createdAt resolvedAt message { id body author { username } } reporter { username } resolvedBy { username }';

const mutation =
  <Input extends Record<string, unknown>>(name: string, inputType: string, fields: string) =>
  async (person: Person, input: Input): Promise<any> =>
    Object.values(
      (
        await person.query(
          `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${fields} } }`,
          { input },
        )
      )[name],
    )[0];

interface Target {
  readonly [field: string]: unknown;
  readonly roomId: string;
  readonly userId: string;
}

export const setMemberRole = mutation<Target & { role: string }>(
  'setMemberRole',
  'SetMemberRoleInput',
  `member { ${memberFields} }`,
);
export const kickMember = mutation<Target>(
  'kickMember',
  'KickMemberInput',
  `entry { ${entryFields} }`,
);
export const banMember = mutation<Target>(
  'banMember',
  'BanMemberInput',
  `entry { ${entryFields} }`,
);
export const unbanMember = mutation<Target>(
  'unbanMember',
  'UnbanMemberInput',
  `entry { ${entryFields} }`,
);
export const muteMember = mutation<Target>(
  'muteMember',
  'MuteMemberInput',
  `entry { ${entryFields} }`,
);
export const reportMessage = mutation<{ messageId: string; reason: string }>(
  'reportMessage',
  'ReportMessageInput',
  `report { ${reportFields} }`,
);
export const resolveReport = mutation<{ reportId: string }>(
  'resolveReport',
  'ResolveReportInput',
  `report { ${reportFields} }`,
);

/** Newest first. */
export const moderationLog = async (
  person: Person,
  roomId: string,
  page: Record<string, unknown> = {},
): Promise<any> =>
  (
    await person.query(
      `query ($roomId: ID!, $first: Int, $after: String, $last: Int, $before: String) { moderationLog(roomId: $roomId, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { ${entryFields} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      { roomId, ...page },
    )
  ).moderationLog;

/** Newest first. */
export const bans = async (
  person: Person,
  roomId: string,
  page: Record<string, unknown> = {},
): Promise<any> =>
  (
    await person.query(
      `query ($roomId: ID!, $first: Int, $after: String, $last: Int, $before: String) { bans(roomId: $roomId, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { reason until user { username } } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
      { roomId, ...page },
    )
  ).bans;

export const viewerBan = async (person: Person, roomId: string): Promise<any> =>
  (
    await person.query(
      'query ($id: ID!) { room(id: $id) { viewerBan { reason until user { username } } } }',
      { id: roomId },
    )
  ).room.viewerBan;

export const reports = async (
  person: Person,
  variables: Record<string, unknown> = {},
): Promise<any[]> =>
  (
    await person.query(
      `query ($roomId: ID, $resolved: Boolean, $first: Int, $after: String) { reports(roomId: $roomId, resolved: $resolved, first: $first, after: $after) { edges { node { ${reportFields} } } } }`,
      variables,
    )
  ).reports.edges.map(({ node }: any) => node);

/** Follows all events that change the members of a room or their roles. */
export const followMembers = (person: Person, roomId: string, after?: string): Received =>
  person.follow(
    `subscription ($roomId: ID!, $after: Cursor) { roomMessages(roomId: $roomId, after: $after) {
      __typename cursor
      ... on MessageSent { message { body } }
      ... on MemberJoined { user { username } }
      ... on MemberLeft { user { username } reason }
      ... on MemberUpdated { member { ${memberFields} } }
    } }`,
    { roomId, after },
  );

/** The current members, in their order. */
export const membersNow = async (person: Person, roomId: string): Promise<any[]> =>
  (
    await person.query(
      `query ($id: ID!) { conversation(id: $id) { members(first: 100) { edges { node { ${memberFields} } } } } }`,
      { id: roomId },
    )
  ).conversation.members.edges.map(({ node }: any) => node);

export const inSeconds = (seconds: number): string =>
  new Date(Date.now() + seconds * 1000).toISOString();
