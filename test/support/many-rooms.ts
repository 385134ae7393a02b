import { v7 as newId } from 'uuid';
import { nameKeyOf } from '../../src/chat/policy/text.ts';
import type { Person } from './person.ts';
import { createRoom } from './rooms.ts';
import type { TestNode } from './start-node.ts';
import { openWritingNode } from './writing.ts';

/**
 * Adds public rooms of this owner directly in the database, because so many requests would take
 * seconds. Call it before anybody follows the lobby.
 */
export async function addRooms(
  node: TestNode,
  owner: Person,
  names: readonly string[],
): Promise<void> {
  const { DATABASE_URL } = node.settings;
  if (!DATABASE_URL) {
    for (const name of names) await createRoom(owner, { name });
    return;
  }
  await using writing = await openWritingNode({ DATABASE_URL }, 1);
  const rooms = names.map((name) => ({
    id: newId(),
    kind: 'ROOM' as const,
    visibility: 'PUBLIC' as const,
    name,
    nameKey: nameKeyOf(name),
    creatorId: owner.id,
  }));
  const { prisma } = writing.database;
  await prisma.conversation.createMany({ data: rooms });
  await prisma.member.createMany({
    data: rooms.map(({ id }) => ({ conversationId: id, userId: owner.id, role: 'OWNER' as const })),
  });
}
