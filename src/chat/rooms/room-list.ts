import { z } from 'zod';
import { createParameters } from '../../db/parameters.ts';
import { invalid } from '../../errors.ts';
import { readPage, type PageArguments, type PageBounds } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { spend } from '../policy/allowances.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { startServiceCall } from '../policy/service-calls.ts';
import { isOneLine, normalForm } from '../policy/text.ts';
import {
  roomsStatement,
  type RoomAudience,
  type RoomFilter,
  type RoomKey,
  type RoomSource,
} from './room-list-statement.ts';

interface RoomsRequest extends PageArguments {
  readonly search?: string | null;
  readonly joined?: boolean | null;
  readonly metadata?: JsonObject | null;
}

const roomKey: z.ZodType<RoomKey> = z.tuple([z.string().refine(isOneLine), z.guid()]);

/**
 * Public rooms and the viewer's own rooms, sorted by name. `joined: true` keeps the rooms that the
 * viewer is a member of, `joined: false` the others. `metadata` keeps the rooms whose metadata
 * contains it. A service with the scope `rooms` lists all rooms.
 */
export async function listRooms(scope: Scope, { search, joined, metadata, ...page }: RoomsRequest) {
  if (scope.service) await startListing(scope, { search, joined, metadata });
  else requireViewer(scope);
  if (search || metadata) await spend(scope, 'find');
  const filter: RoomFilter = {
    text: search ? parseSearch(search) : '',
    metadata: metadata ? checkJson(metadata, 'metadata') : undefined,
    joined: joined ?? undefined,
  };
  const audience = await audienceOf(scope, filter);
  return readPage(scope, page, {
    keys: roomKey,
    keyOf: ({ nameKey, id }: Conversation): RoomKey => [nameKey!, id],
    async read(bounds) {
      const ids = await findRooms(scope, audience, filter, bounds);
      const rooms = await Promise.all(ids.map((id) => conversationById.load(scope, id)));
      return rooms.filter((room) => room !== null);
    },
  });
}

/** The parts of names are indexed for public rooms only, and a service is a member of none. */
async function startListing(
  scope: Scope,
  { search, joined, metadata }: RoomsRequest,
): Promise<void> {
  const targets = metadata ? [JSON.stringify(metadata)] : [];
  await startServiceCall(scope, 'rooms', { action: 'rooms', targets });
  for (const [name, value] of Object.entries({ search, joined }))
    if (value != null)
      throw invalid(`A service cannot pass \`${name}\`. Find rooms by \`metadata\`.`, name);
}

/** The number of rooms of a user who has few. */
const fewRooms = 1000;

/** A user's many rooms are not looked through one by one for metadata. */
async function audienceOf(
  { viewer, node }: Scope,
  { metadata, joined }: RoomFilter,
): Promise<RoomAudience> {
  if (!viewer) return { kind: 'everything' };
  if (!metadata || joined === false) return { kind: 'user', id: viewer.id };
  const beyondFew = await node.database.query(memberships, [viewer.id, fewRooms]);
  return { kind: beyondFew.length > 0 ? 'user with many rooms' : 'user', id: viewer.id };
}

function parseSearch(search: string): string {
  const text = normalForm(search);
  if (text.length > 64 || !isOneLine(text))
    throw invalid(
      'A search text has at most 64 characters and no control characters or line breaks.',
      'search',
    );
  return text;
}

const memberships = {
  name: 'memberships beyond',
  text: 'select from members where user_id = $1::uuid offset $2::int limit 1',
};

/** The number of rooms that a search looks at by name before it decides how to continue. */
const nextRooms = 1000;
/** The number of rooms that it looks at by name at most. */
const furtherRooms = 10_000;

/**
 * A search first looks at the next rooms by name, which finds a page of something common. If these
 * contain a part of the page, it looks as far as a page should need. If that is not enough, it
 * looks up the parts of the text and the metadata, which finds something rare.
 */
async function findRooms(
  { node }: Scope,
  audience: RoomAudience,
  filter: RoomFilter,
  bounds: PageBounds<RoomKey>,
): Promise<string[]> {
  async function run(source: RoomSource): Promise<string[]> {
    const { values, add } = createParameters();
    const statement = roomsStatement(add, source, audience, filter, bounds);
    const found = await node.database.prisma.$queryRawUnsafe<{ id: string }[]>(
      statement,
      ...values,
    );
    return found.map(({ id }) => id);
  }
  if (filter.joined === true && audience.kind === 'user') return run('own');
  if (!filter.text && !filter.metadata) return run('all');
  const isWhole = ({ length }: readonly string[]) => length === bounds.limit;
  const next = await run({ next: nextRooms });
  if (isWhole(next)) return next;
  // Twice the expected number: the rooms that match are not evenly distributed.
  const expected = Math.ceil((2 * nextRooms * bounds.limit) / next.length);
  if (expected <= furtherRooms) {
    const further = await run({ next: expected });
    if (isWhole(further)) return further;
  }
  return run('contents');
}
