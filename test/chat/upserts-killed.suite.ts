import { afterAll, describe, expect, it } from 'vitest';
import { startProgram, type Program } from '../support/program.ts';
import { createDatabase, embeddedDirectory, postgresUrl } from '../support/servers.ts';
import { service } from '../support/service.ts';
import type { TestNode } from '../support/start-node.ts';

const JWT_SECRET = 'a secret that only this test knows, 32+ characters';

const usersOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    externalId: `user-${index}`,
    displayName: `User ${index}`,
    metadata: { index },
  }));
const roomsOf = (count: number) =>
  Array.from({ length: count }, (_, index) => ({
    externalId: `room-${index}`,
    name: `Room ${index}`,
    ownerId: `external:user-${index}`,
    metadata: { index },
  }));

interface Items {
  readonly users: ReturnType<typeof usersOf>;
  readonly rooms: ReturnType<typeof roomsOf>;
}

/** Upserts everything, in calls of `size` items. Returns what the server answers, in order. */
async function upsertAll(
  program: Program,
  { users, rooms }: Items,
  size: number,
  seen: unknown[] = [],
): Promise<unknown[]> {
  const shop = await service({ url: program.url, settings: { JWT_SECRET } } as never as TestNode);
  const upsert = async (name: string, type: string, field: string, items: object[]) => {
    for (let start = 0; start < items.length; start += size) {
      const input = { [field]: items.slice(start, start + size) };
      const shown = field === 'users' ? 'username displayName' : 'name memberCount';
      const payload = await shop.mutate(
        name,
        type,
        input,
        `${field} { id externalId metadata ${shown} }`,
      );
      seen.push(...payload[field]);
    }
  };
  await upsert('upsertUsers', 'UpsertUsersInput', 'users', users);
  await upsert('upsertRooms', 'UpsertRoomsInput', 'rooms', rooms);
  return seen;
}

const databases = [
  ['embedded', async () => ({ DATA_DIR: await embeddedDirectory() })],
  ...(postgresUrl
    ? [['PostgreSQL', async () => ({ DATABASE_URL: await createDatabase() })] as const]
    : []),
] as const;

/** Upserts this many users, and a tenth as many rooms. */
export const upsertsSurviveKills = (userCount: number) =>
  describe.each(databases)('upserts, %s', (_name, newDatabase) => {
    const users = usersOf(userCount);
    const rooms = roomsOf(userCount / 10);
    const items = { users, rooms };
    let program: Program | undefined;
    afterAll(() => program?.[Symbol.asyncDispose]());

    it('twice, with kill -9 of the node in between, have the result of once', async () => {
      const settings = { ...(await newDatabase()), JWT_SECRET, RATE_LIMITS: 'off' };
      program = await startProgram(settings);
      const seen: { id: string; externalId: string }[] = [];
      const interrupted = upsertAll(program, items, 100, seen).catch(() => 'interrupted');
      await expect.poll(() => seen.length, { timeout: 60_000 }).toBeGreaterThan(userCount / 2);
      program.process.kill('SIGKILL');
      await program.ended;
      expect(await interrupted).toBe('interrupted');
      program = await startProgram(settings);
      const again = (await upsertAll(program, items, 1000)) as typeof seen;
      expect(again).toMatchObject([
        ...users,
        ...rooms.map(({ ownerId: _owner, ...room }) => ({ ...room, memberCount: 1 })),
      ]);
      const idOf = new Map(again.map(({ externalId, id }) => [externalId, id]));
      expect(idOf.size).toBe(users.length + rooms.length);
      for (const { externalId, id } of seen) expect(idOf.get(externalId)).toBe(id);
      expect(await upsertAll(program, items, 1000)).toEqual(again);
    }, 300_000);
  });
