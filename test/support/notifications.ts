import { SignJWT, type JWTPayload } from 'jose';
import type { Received } from './received.ts';
import { query, type Person } from './person.ts';
import type { TestNode } from './start-node.ts';

const fields = 'id type title message data createdAt readAt';

export const pageOfNotifications = async (
  person: Person,
  page: Record<string, unknown> = {},
): Promise<any> =>
  await person.query(
    `query ($unreadOnly: Boolean, $first: Int, $after: String, $last: Int, $before: String) { unreadNotificationCount notifications(unreadOnly: $unreadOnly, first: $first, after: $after, last: $last, before: $before) {
      edges { cursor node { ${fields} } } pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } }`,
    page,
  );

/** Newest first. */
export const notificationsOf = async (
  person: Person,
  page: Record<string, unknown> = {},
): Promise<any[]> =>
  (await pageOfNotifications(person, page)).notifications.edges.map(({ node }: any) => node);
export const unreadOf = async (person: Person): Promise<number> =>
  (await person.query('{ unreadNotificationCount }')).unreadNotificationCount;

export const markNotificationsRead = async (
  person: Person,
  input: Record<string, unknown>,
): Promise<number> =>
  (
    await person.query(
      'mutation ($input: MarkNotificationsReadInput!) { markNotificationsRead(input: $input) { unreadNotificationCount } }',
      { input },
    )
  ).markNotificationsRead.unreadNotificationCount;

const notifyDocument =
  'mutation ($input: NotifyInput!) { notify(input: $input) { recipientCount } }';
const paid = { type: 'payment_completed', title: 'Paid', message: 'Thank you.' };

export const notify = async (
  person: Person,
  userIds: readonly string[],
  more: Record<string, unknown> = {},
): Promise<number> =>
  (await person.query(notifyDocument, { input: { userIds, ...paid, ...more } })).notify
    .recipientCount;
export const notifyByToken = async (
  node: TestNode,
  token: string,
  userIds: readonly string[],
): Promise<number> =>
  (await query(node.url, notifyDocument, { input: { userIds, ...paid } }, token)).notify
    .recipientCount;

export const announce = async (
  person: Person,
  more: Record<string, unknown> = {},
): Promise<number> =>
  (
    await person.query(
      'mutation ($input: AnnounceInput!) { announce(input: $input) { recipientCount } }',
      { input: { title: 'News', message: 'For all.', ...more } },
    )
  ).announce.recipientCount;

export const followNotifications = (
  person: Person,
  after?: string,
  socket = person.socket,
): Received =>
  person.follow(
    `subscription ($after: Cursor) { notifications(after: $after) { __typename cursor ... on NotificationReceived { notification { ${fields} } } ... on NotificationsRead { ids }
      ... on MessagesRead { upToSeq user { username } conversation { id } } ... on StreamReset { reason } } }`,
    { after },
    socket,
  );

export async function followNotificationsLive(person: Person): Promise<Received> {
  const received = followNotifications(person);
  await received.count(1);
  return received;
}

/**
 * The notifications as a client shows them after these events: new ones first, with their read
 * state.
 */
export function shownAfter(before: readonly any[], events: readonly any[]): any[] {
  return events.reduce(
    (shown: any[], { __typename, notification, ids }) => {
      if (__typename === 'NotificationReceived')
        return [{ ...notification, isRead: false }, ...shown];
      if (__typename === 'NotificationsRead')
        return shown.map((one) => (ids.includes(one.id) ? { ...one, isRead: true } : one));
      return shown;
    },
    before.map((one) => ({ ...one, isRead: one.readAt !== null })),
  );
}

/** Without the time of reading, which only a page has. */
export const shown = (notifications: readonly any[]): any[] =>
  notifications.map(
    ({ id, type, title, message, data, createdAt, readAt, isRead = readAt !== null }) => ({
      id,
      type,
      title,
      message,
      data,
      createdAt,
      isRead,
    }),
  );

/** A token signed with the shared secret. It expires in five minutes unless `exp` is given. */
export const signBySecret = ({ settings }: TestNode, claims: JWTPayload): Promise<string> =>
  new SignJWT({ exp: Math.ceil(Date.now() / 1000) + 300, ...claims })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .sign(new TextEncoder().encode(settings.JWT_SECRET));
