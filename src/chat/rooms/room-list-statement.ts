import type { AddParameter } from '../../db/parameters.ts';
import { containing, searchPartsOf } from '../../db/search-parts.ts';
import type { PageBounds } from '../../graphql/pages.ts';
import type { JsonObject } from '../policy/json.ts';
import { nameKeyOf } from '../policy/text.ts';

/** The key of the name and the id. */
export type RoomKey = [nameKey: string, id: string];

export interface RoomFilter {
  /** Empty if there is none. */
  readonly text: string;
  readonly metadata: JsonObject | undefined;
  readonly joined: boolean | undefined;
}

/**
 * Whose rooms are listed. Those of a user with many rooms are read together with the public ones,
 * and only by metadata.
 */
export type RoomAudience =
  | { readonly kind: 'user' | 'user with many rooms'; readonly id: string }
  | { readonly kind: 'everything' };

/**
 * The rooms among which a statement looks: only the user's own, all, a number of the next ones by
 * name, or those that have the parts of the text and the metadata. It always looks among the own
 * rooms of a user who has few.
 */
export type RoomSource = 'own' | 'all' | 'contents' | { readonly next: number };

/** The expression of the index. */
const parts = String.raw`search_parts(name_key || E'\n' || lower(coalesce(topic, '')))`;

/** Rooms that are read along an index, whose conditions are literals: no parameter matches them. */
interface Walk {
  readonly literals: string;
  /** The order of the index on names. */
  readonly order: string;
  /** Whether the parts of their names are in an index. */
  readonly hasParts: boolean;
  /** Which of them the viewer may list. */
  readonly listed: readonly string[];
}

/**
 * Selects the ids of a page of rooms, sorted by name. An `offset` keeps the planner from another
 * way than that along an index. The statement is not prepared, so that the planner knows the limit.
 */
export function roomsStatement(
  add: AddParameter,
  source: RoomSource,
  audience: RoomAudience,
  { text, metadata, joined }: RoomFilter,
  { after, before, limit, inverted }: PageBounds<RoomKey>,
): string {
  const direction = inverted ? 'desc' : 'asc';
  const pageLimit = `limit ${add(limit, 'int')}`;
  const page = `order by name_key ${direction}, id ${direction} ${pageLimit}`;
  const viewer = audience.kind === 'everything' ? '' : add(audience.id, 'uuid');
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
  const partsOfText = () =>
    `(${parts} @> ${add(searchPartsOf(nameKeyOf(text)), 'text[]')} or ${parts} @> ${add(searchPartsOf(text.toLowerCase()), 'text[]')})`;
  // Without the offset, the planner may read all memberships of the user instead.
  const isMember = `exists (select from members where conversation_id = conversations.id and user_id = ${viewer} offset 0)`;
  const inner = `select id, name_key, topic, visibility${metadata ? ', metadata' : ''} from conversations`;

  function along({ literals, order, hasParts, listed }: Walk): string {
    if (source === 'all')
      return `select id, name_key from conversations ${where(literals, ...between, ...listed)} ${order} ${pageLimit}`;
    if (typeof source === 'object')
      return `select id, name_key from (
        ${inner} ${where(literals, ...between)} ${order} limit ${source.next}) as conversations
        ${where(...matches, ...contains, ...listed)} ${page}`;
    const found = [...(text && hasParts ? [partsOfText()] : []), ...contains];
    return `select id, name_key from (${inner} ${where("kind = 'ROOM'", literals, ...found)} offset 0) as conversations
      ${where(...matches, ...between, ...listed)} ${page}`;
  }

  // The name of a public room is unique, so its index has this order without the id.
  const publicRooms = () =>
    along({
      literals: `visibility = 'PUBLIC'`,
      order: `order by name_key ${direction}`,
      hasParts: true,
      listed: joined === false ? [`not ${isMember}`] : [],
    });
  const rooms = (listed: readonly string[]) =>
    along({
      literals: `kind = 'ROOM' and name_key is not null`,
      order: `order by name_key ${direction}, id ${direction}`,
      hasParts: false,
      listed,
    });
  const ownRooms = () =>
    `select id, name_key from (select conversation_id from members where user_id = ${viewer} offset 0) as mine
      cross join lateral (${inner} where id = mine.conversation_id offset 0) as conversations
      ${where(`visibility ${joined ? 'is not null' : "= 'PRIVATE'"}`, ...between, ...matches, ...contains)} ${page}`;

  if (audience.kind === 'everything') return rooms([]);
  if (audience.kind === 'user with many rooms')
    return rooms([joined ? isMember : `(visibility = 'PUBLIC' or ${isMember})`]);
  const branches = [
    ...(source === 'own' ? [] : [publicRooms()]),
    ...(joined === false ? [] : [ownRooms()]),
  ];
  return `select id from (${branches.map((branch) => `(${branch})`).join(' union all ')}) as found ${page}`;
}

const where = (...conditions: readonly string[]): string =>
  conditions.length > 0 ? `where ${conditions.join(' and ')}` : '';
