import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Database } from '../src/db/database.ts';

/** The users and rooms that exist before the measurements. */
export interface Seed {
  /** An access token for each sender, valid for the whole run. */
  readonly senders: readonly string[];
  /** An access token for each follower. */
  readonly followers: readonly string[];
  /** A room of which all users are members. */
  readonly crowd: string;
  /** Rooms of which the senders and the first followers are members. */
  readonly rooms: readonly string[];
}

export const jwtSecret = 'a secret that only the bench knows, 32+ characters';
const roomCount = 100;
const senderCount = 100;
const followersInRooms = 100;

/** Plans users and rooms, so that several databases can be filled with the same data. */
export function planSeed(followerCount: number): {
  fill(database: Database): Promise<void>;
  seed(): Promise<Seed>;
} {
  const users = Array.from({ length: senderCount + followerCount }, (_, index) => ({
    id: randomUUID(),
    username: `user${index}`,
  }));
  const crowd = randomUUID();
  const rooms = Array.from({ length: roomCount }, () => randomUUID());
  const ids = users.map(({ id }) => id);
  return {
    /** The database must be migrated, and otherwise empty. */
    async fill(database) {
      const run = (text: string, values: unknown[] = []) =>
        database.query({ name: '', text }, values);
      await run(
        'insert into users (id, username, display_name) select id, username, username from unnest($1::uuid[], $2::text[]) as given(id, username)',
        [ids, users.map(({ username }) => username)],
      );
      await run(
        `insert into conversations (id, kind, name, name_key, visibility) select id, 'ROOM', id, id, 'PUBLIC' from unnest($1::uuid[]) as id`,
        [[crowd, ...rooms]],
      );
      const join =
        'insert into members (conversation_id, user_id) select room, member from unnest($1::uuid[]) as room, unnest($2::uuid[]) as member';
      await run(join, [[crowd], ids]);
      await run(join, [rooms, ids.slice(0, senderCount + followersInRooms)]);
      // Empty tables are left out: the planner would assume that they stay empty, and the embedded
      // database has no autovacuum to correct that.
      await run('analyze users, conversations, members');
    },
    async seed() {
      const tokens = await Promise.all(users.map(signToken));
      return {
        senders: tokens.slice(0, senderCount),
        followers: tokens.slice(senderCount),
        crowd,
        rooms,
      };
    },
  };
}

const signToken = ({ id, username }: { id: string; username: string }): Promise<string> =>
  new SignJWT({ username, role: 'USER', sid: randomUUID() })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setIssuer('causerie')
    .setSubject(id)
    .setIssuedAt()
    .setExpirationTime('3h')
    .sign(new TextEncoder().encode(jwtSecret));
