import type { Client } from 'graphql-ws';
import type { Limits } from '../../src/limits.ts';
import type { Received } from './received.ts';
import type { Person } from './person.ts';

/** Short timers for presence and typing, except for those that repair missed changes. */
export const shortTimers = {
  leaveGraceMs: 300,
  typingTtlMs: 700,
  typingResendMs: 200,
} satisfies Partial<Limits>;

/** The same, with a short time until a node counts as dead. */
export const shortTimersAndDeath = {
  ...shortTimers,
  presenceRefreshMs: 150,
  presenceTtlMs: 1500,
} satisfies Partial<Limits>;

/** The same for tests that restart Redis: the grace is longer than the reconnection of a node. */
export const longGrace = {
  ...shortTimersAndDeath,
  leaveGraceMs: 1500,
  presenceTtlMs: 4500,
} satisfies Partial<Limits>;

/** Connects, until the socket or the person is disposed of. */
export const goOnline = (person: Person): Promise<Client> =>
  new Promise((resolve, reject) => {
    const client = person.connect({
      lazy: false,
      onNonLazyError: reject,
      on: { connected: () => resolve(client) },
    });
  });

export const setTyping = async (
  person: Person,
  conversationId: string,
  isTyping = true,
): Promise<unknown> =>
  (
    await person.query('mutation ($input: SetTypingInput!) { setTyping(input: $input) { ok } }', {
      input: { conversationId, isTyping },
    })
  ).setTyping;

export const followTyping = (
  person: Person,
  conversationId: string,
  socket = person.socket,
): Received =>
  person.follow(
    'subscription ($id: ID!) { typing(conversationId: $id) { conversationId isTyping expiresAt user { username } } }',
    { id: conversationId },
    socket,
  );

export const followPresence = (person: Person, roomId: string, socket = person.socket): Received =>
  person.follow(
    `subscription ($id: ID!) { roomPresence(roomId: $id) { __typename
      ... on PresenceSnapshot { users { username } } ... on UserCameOnline { user { username } } ... on UserWentOffline { user { username } lastSeenAt } } }`,
    { id: roomId },
    socket,
  );

export const followLobby = (person: Person, socket = person.socket): Received => {
  const room = '{ onlineCount usernames room { id name } }';
  return person.follow(
    `subscription { lobby { __typename ... on LobbySnapshot { rooms ${room} otherRoomCount } ... on LobbyRoomChanged { room ${room} } ... on LobbyRoomRemoved { roomId } } }`,
    {},
    socket,
  );
};

/** The users typing, according to the received events. */
export const typists = ({ events }: Received): string[] => {
  const typing = new Set<string>();
  for (const { user, isTyping } of events) typing[isTyping ? 'add' : 'delete'](user.username);
  return [...typing].sort();
};

/** The users online, according to the received events: the newest snapshot and later changes. */
export const present = ({ events }: Received): string[] => {
  let online = new Set<string>();
  for (const { __typename, users, user } of events)
    if (__typename === 'PresenceSnapshot')
      online = new Set(users.map(({ username }: any) => username));
    else online[__typename === 'UserCameOnline' ? 'add' : 'delete'](user.username);
  return [...online].sort();
};

/** The rooms and their online users, according to the received events. */
export const lobbyOf = ({ events }: Received): Record<string, string[]> => {
  let rooms = new Map<string, { name: string; usernames: string[] }>();
  const entry = ({ room, usernames }: any) => [room.id, { name: room.name, usernames }] as const;
  for (const event of events)
    if (event.__typename === 'LobbySnapshot') rooms = new Map(event.rooms.map(entry));
    else if (event.__typename === 'LobbyRoomChanged') rooms.set(...entry(event.room));
    else rooms.delete(event.roomId);
  return Object.fromEntries([...rooms.values()].map(({ name, usernames }) => [name, usernames]));
};
