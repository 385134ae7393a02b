import { randomUUID } from 'node:crypto';
import { SignJWT } from 'jose';
import pg from 'pg';
import { openSocket, type BareSocket } from './bare-clients.ts';
import type { TestNode } from './start-node.ts';

/** One of many members of a room, who only connects. */
export interface OneOfMany {
  readonly username: string;
  /** Connects to another node before it disconnects from the current one. */
  goTo(node: TestNode): Promise<void>;
  leave(): Promise<void>;
}

/**
 * Adds members to a room directly in the database, because so many sign-ups would be slow. Their
 * tokens are signed with the shared secret of the application.
 */
export async function addCrowd(
  node: TestNode,
  roomId: string,
  count: number,
): Promise<OneOfMany[]> {
  const users = Array.from({ length: count }, (_, place) => ({
    id: randomUUID(),
    username: `crowd${String(place).padStart(5, '0')}`,
  }));
  const client = new pg.Client(node.settings.DATABASE_URL);
  await client.connect();
  const values = [users.map(({ id }) => id), users.map(({ username }) => username)];
  await client.query(
    'insert into users (id, username, display_name) select id, name, name from unnest($1::uuid[], $2::text[]) as given(id, name)',
    values,
  );
  await client.query(
    'insert into members (conversation_id, user_id) select $2::uuid, unnest($1::uuid[])',
    [values[0], roomId],
  );
  await client.end();
  const secret = new TextEncoder().encode(node.settings.JWT_SECRET);
  return Promise.all(
    users.map(async ({ id, username }) => {
      const token = await new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject(id)
        .setExpirationTime('1h')
        .sign(secret);
      let socket: BareSocket | undefined;
      return {
        username,
        async goTo({ wsUrl }: TestNode) {
          const before = socket;
          socket = await openSocket(wsUrl, { params: { token } });
          await socket.acknowledged;
          await before?.[Symbol.asyncDispose]();
        },
        async leave() {
          await socket?.[Symbol.asyncDispose]();
          socket = undefined;
        },
      };
    }),
  );
}
