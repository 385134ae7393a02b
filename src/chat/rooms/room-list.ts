import { z } from 'zod';
import { createParameters, type AddParameter } from '../../db/parameters.ts';
import { containing, searchPartsOf } from '../../db/search-parts.ts';
import { invalid } from '../../errors.ts';
import { readPage, type PageArguments, type PageBounds } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { conversationById, type Conversation } from '../conversations/conversations.ts';
import { spend } from '../policy/allowances.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { isOneLine, nameKeyOf, normalForm } from '../policy/text.ts';

interface RoomsRequest extends PageArguments {
  readonly search?: string | null;
  readonly joined?: boolean | null;
  readonly metadata?: JsonObject | null;
}

const roomKey = z.tuple([z.string().refine(isOneLine), z.guid()]);
type RoomKey = z.output<typeof roomKey>;

/**
 * Public rooms and the viewer's own rooms, sorted by name. `joined: true` keeps the rooms that the
 * viewer is a member of, `joined: false` the others. `metadata` keeps the rooms whose metadata
 * contains it.
 */
export async function listRooms(scope: Scope, { search, joined, metadata, ...page }: RoomsRequest) {
  requireViewer(scope);
  if (search || metadata) await spend(scope, 'find');
  const filter: Filter = {
    text: search ? parseSearch(search) : '',
    metadata: metadata ? checkJson(metadata, 'metadata') : undefined,
    joined: joined ?? undefined,
  };
  return readPage(scope, page, {
    keys: roomKey,
    keyOf: ({ nameKey, id }: Conversation): RoomKey => [nameKey!, id],
    async read(bounds) {
      const ids = await findRooms(scope, filter, bounds);
      const rooms = await Promise.all(ids.map((id) => conversationById.load(scope, id)));
      return rooms.filter((room) => room !== null);
    },
  });
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

interface Filter {
  readonly text: string;
  readonly metadata: JsonObject | undefined;
  readonly joined: boolean | undefined;
}

/** The number of rooms that a search looks at by name before it looks up what they contain. */
const nextRooms = 1000;

/**
 * A search first looks at the next rooms by name, which finds a page of something common. If that
 * is not enough, it looks up the parts of the text and the metadata, which finds something rare.
 */
async function findRooms(
  scope: Scope,
  filter: Filter,
  bounds: PageBounds<RoomKey>,
): Promise<string[]> {
  async function run(source: Source): Promise<string[]> {
    const { values, add } = createParameters();
    const statement = statementOf(add, source, scope.viewer!.id, filter, bounds);
    const { prisma } = scope.node.database;
    const found = await prisma.$queryRawUnsafe<{ id: string }[]>(statement, ...values);
    return found.map(({ id }) => id);
  }
  if (filter.joined === true) return run('own');
  if (!filter.text && !filter.metadata) return run('all');
  const next = await run('next');
  return next.length === bounds.limit ? next : run('contents');
}

/**
 * The public rooms among which a statement looks: none, all, the next ones by name, or those that
 * have the parts of the text and the metadata.
 */
type Source = 'own' | 'all' | 'next' | 'contents';

/** The expression of the index. */
const parts = String.raw`search_parts(name_key || E'\n' || lower(coalesce(topic, '')))`;

/**
 * Public rooms and the viewer's own private rooms, each read along an index; an `offset` keeps the
 * planner from another way. The statement is not prepared, so that the planner knows the limit.
 * What the indexes have as their condition is a literal: no parameter matches it.
 */
function statementOf(
  add: AddParameter,
  source: Source,
  viewerId: string,
  { text, metadata, joined }: Filter,
  { after, before, limit, inverted }: PageBounds<RoomKey>,
): string {
  const direction = inverted ? 'desc' : 'asc';
  const order = `order by name_key ${direction}, id ${direction} limit ${add(limit, 'int')}`;
  const viewer = add(viewerId, 'uuid');
  /** The first comparison is the start in the index. */
  const beyond = (comparison: '>' | '<', [nameKey, id]: RoomKey) => {
    const name = add(nameKey, 'text');
    return `name_key ${comparison}= ${name} and (name_key, id) ${comparison} (${name}, ${add(id, 'uuid')})`;
  };
  const between = [
    ...(after ? [beyond('>', after)] : []),
    ...(before ? [beyond('<', before)] : []),
  ];
  const matches = text
    ? [
        `(name_key like ${add(containing(nameKeyOf(text)), 'text')} or lower(topic) like ${add(containing(text.toLowerCase()), 'text')})`,
      ]
    : [];
  const contains = metadata ? [`metadata @> ${add(JSON.stringify(metadata), 'jsonb')}`] : [];
  const isOther =
    joined === false
      ? [
          `not exists (select from members where conversation_id = conversations.id and user_id = ${viewer})`,
        ]
      : [];
  const where = (...conditions: readonly string[]) =>
    conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
  const isPublic = `visibility = 'PUBLIC'`;
  const from = 'select id, name_key from conversations';
  const inner = `select id, name_key, topic, visibility${metadata ? ', metadata' : ''} from conversations`;
  const hasParts = () =>
    `(${parts} @> ${add(searchPartsOf(nameKeyOf(text)), 'text[]')} or ${parts} @> ${add(searchPartsOf(text.toLowerCase()), 'text[]')})`;

  const publicRooms = {
    own: () => undefined,
    // The name of a public room is unique, so the index has this order without the id.
    all: () =>
      `${from} ${where(isPublic, ...between, ...isOther)} order by name_key ${direction} limit ${add(limit, 'int')}`,
    next: () => `select id, name_key from (
      ${inner} ${where(isPublic, ...between)} order by name_key ${direction} limit ${nextRooms}) as conversations
      ${where(...matches, ...contains, ...isOther)} ${order}`,
    contents: () => `select id, name_key from (
      ${inner} ${where(isPublic, ...(text ? [hasParts()] : []), ...contains)} offset 0) as conversations
      ${where(...matches, ...between, ...isOther)} ${order}`,
  }[source]();
  const ownRooms =
    joined === false
      ? undefined
      : `select id, name_key from (select conversation_id from members where user_id = ${viewer} offset 0) as mine
        cross join lateral (${inner} where id = mine.conversation_id offset 0) as conversations
        ${where(`visibility ${joined ? 'is not null' : "= 'PRIVATE'"}`, ...between, ...matches, ...contains)} ${order}`;
  const branches = [publicRooms, ownRooms].filter((branch) => branch !== undefined);
  return `select id from (${branches.map((branch) => `(${branch})`).join(' union all ')}) as found ${order}`;
}
