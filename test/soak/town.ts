import { createClient, type Client } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createRoom } from '../faults/cast.ts';
import { request } from '../faults/cluster/request.ts';
import { createUsers, type Access, type User } from '../faults/cluster/users.ts';
import type { Random } from '../faults/random.ts';
import { followDocument } from '../faults/observations.ts';

/** The people of a soak, and their rooms. */
export interface Town {
  readonly url: string;
  readonly wsUrl: string;
  /** All users are members of these rooms. */
  readonly roomIds: readonly string[];
  /** Rooms that visitors join and leave. */
  readonly openRoomIds: readonly string[];
  readonly residents: readonly User[];
  readonly visitors: readonly User[];
}

/** One visit of a user, which leaves nothing behind but rows. Every wait in it has a timeout. */
export type Visit = (town: Town, user: User, random: Random) => Promise<void>;

const residentCount = 20;
const join = 'mutation ($id: ID!) { joinRoom(input: { roomId: $id }) { __typename } }';

export async function createTown(access: Access, visitorCount: number): Promise<Town> {
  const users = await createUsers(
    access,
    Array.from({ length: residentCount + visitorCount }, (_, place) => `user-${place}`),
  );
  const [owner] = users as [User, ...User[]];
  const createRooms = (names: readonly string[]) =>
    Promise.all(names.map(async (name) => (await createRoom(access, owner, name, 'PUBLIC')).id));
  const roomIds = await createRooms(['north', 'south']);
  const openRoomIds = await createRooms(['east', 'west']);
  for (const user of users)
    for (const id of roomIds) await request(access.url, (await user.sign()).token, join, { id });
  return {
    url: access.url,
    wsUrl: access.url.replace('http', 'ws'),
    roomIds,
    openRoomIds,
    residents: users.slice(0, residentCount),
    visitors: users.slice(residentCount),
  };
}

/** Connects the residents, who stay for the whole run and follow their rooms. */
export const followAsResidents = ({ wsUrl, roomIds, residents }: Town): Promise<Client[]> =>
  Promise.all(
    residents.map(async (user) => {
      const { token } = await user.sign();
      const client = createClient({
        url: wsUrl,
        webSocketImpl: WebSocket,
        connectionParams: { token },
      });
      for (const roomId of roomIds)
        client.subscribe(
          { query: followDocument, variables: { roomId } },
          { next: () => {}, error: () => {}, complete: () => {} },
        );
      return client;
    }),
  );
