import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import type { Database } from '../src/db/database.ts';

/** Who and what is there before anything is measured. */
export interface Seed {
  /** Access tokens of those who send, one for each, that outlast the run. */
  readonly senders: readonly string[];
  /** Access tokens of those who follow. */
  readonly followers: readonly string[];
  /** A room that everybody is a member of. */
  readonly crowd: string;
  /** Rooms of those who send, and of the first of those who follow. */
  readonly rooms: readonly string[];
}

export const jwtSecret = 'a secret that only the bench knows, 32+ characters';
const roomCount = 100;
const senderCount = 100;
const followersInRooms = 100;

/** Decides on users and rooms, so that several databases can hold the same. */
export function planSeed(followerCount: number): {
  fill(database: Database): Promise<void>;
  seed(): Promise<Seed>;
} {
  const users = Array.from({ length: senderCount + followerCount }, (_, place) => ({
    id: randomUUID(),
    username: `user${place}`,
  }));
  const crowd = randomUUID();
  const rooms = Array.from({ length: roomCount }, () => randomUUID());
  const ids = users.map(({ id }) => id);
  return {
    /** For a migrated database that is otherwise as at its first start. */
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
      // Not those that are still empty: it would be taken for certain that they stay so, and embedded nobody looks again.
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
