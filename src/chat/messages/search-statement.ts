import type { AddParameter } from '../../db/parameters.ts';
import type { PageBounds } from '../../graphql/pages.ts';
import { byKind, type Kinds } from '../conversations/kinds.ts';
import { messageColumns } from './message-fields.ts';

/** The sort key of the results: the time of a message, its conversation, and its number there. */
export type SearchKey = readonly [createdAt: string, conversationId: string, seq: number];

export interface Search {
  readonly kinds: Kinds;
  /** The words as a `tsquery`. */
  readonly words: string;
  readonly viewerId: string;
  readonly isAdmin: boolean;
  /** Undefined to search in all conversations. */
  readonly conversationId: string | undefined;
  readonly bounds: PageBounds<SearchKey>;
}

/**
 * Where a statement looks: at the newest messages, at those that the index of words has, or at all
 * from the newest on. Each finds the same, but for messages that the first two do not reach.
 */
export type Source = 'newest' | 'words' | 'all';

/** The number of messages that `newest` looks at. */
const newestMessages = 5000;
/** The number of messages that `words` reads at most. */
const wordsMax = 20_000;

/**
 * Searches the conversations that access.ts shows to the viewer, and no others. Deleted messages
 * have no text, so they never match. The list starts at the newest message, so `after` means older.
 * In one conversation it has the order of the numbers. With `words`, `isComplete` tells whether all
 * messages with the words were read; the row without an `id` only tells that.
 */
<<<<<<< HEAD
const matching = (kinds: Kinds) => `
  select ${messageColumns} from messages join conversations on conversations.id = conversation_id
  where words @@ $1::text::tsquery and (hidden_from_id is null or hidden_from_id <> $2::uuid)
    and (${byKind(kinds, 'kind', ({ sql }) => sql.isOpen?.('$3::boolean'))}
      or exists (select from members where members.conversation_id = conversations.id and user_id = $2::uuid))`;

type Direction = 'asc' | 'desc';

/**
 * $1 is the tsquery, $2 the viewer, $3 whether the viewer is an admin, $4 the conversation, $5 and
 * $6 the numbers between which to search, $7 the limit. Ordered by number, so that a search for a
 * common word can stop after the newest matches.
 */
export const searchInOne = (kinds: Kinds, direction: Direction) => `${matching(kinds)}
  and conversation_id = $4::uuid and ($5::int is null or seq > $5::int) and ($6::int is null or seq < $6::int)
  order by seq ${direction} limit $7::int`;

/** $1 to $3 as above, $4 to $6 and $7 to $9 the keys between which to search, $10 the limit. */
export const searchInAll = (kinds: Kinds, direction: Direction) => `${matching(kinds)}
  and ($4::timestamptz is null or (messages.created_at, conversation_id, seq) > ($4::timestamptz, $5::uuid, $6::int))
  and ($7::timestamptz is null or (messages.created_at, conversation_id, seq) < ($7::timestamptz, $8::uuid, $9::int))
  order by messages.created_at ${direction}, conversation_id ${direction}, seq ${direction} limit $10::int`;
=======
export function searchStatement(
  add: AddParameter,
  source: Source,
  { kinds, words, viewerId, isAdmin, conversationId, bounds }: Search,
): string {
  const { after, before, limit, inverted } = bounds;
  const columns = (conversationId ? ['seq'] : ['created_at', 'conversation_id', 'seq']).map(
    (column) => `messages.${column}`,
  );
  const types = conversationId ? ['int'] : ['timestamptz', 'uuid', 'int'];
  const beyond = (comparison: '<' | '>', key: SearchKey) => {
    const values = conversationId ? [key[2]] : key;
    return `(${columns.join(', ')}) ${comparison} (${values.map((value, place) => add(value, types[place]!)).join(', ')})`;
  };
  const within = [
    ...(conversationId ? [`messages.conversation_id = ${add(conversationId, 'uuid')}`] : []),
    ...(after ? [beyond('<', after)] : []),
    ...(before ? [beyond('>', before)] : []),
  ];
  const isMatch = `words @@ ${add(words, 'text')}::tsquery`;
  const admin = add(isAdmin, 'boolean');
  const isVisible = `(${byKind(kinds, 'kind', ({ sql }) => sql.isOpen?.(admin))}
    or exists (select from members where members.conversation_id = conversations.id and user_id = ${add(viewerId, 'uuid')}))`;
  const order = `order by ${columns.map((column) => `${column} ${inverted ? 'asc' : 'desc'}`).join(', ')}`;
  const where = (...conditions: readonly string[]) => `where ${conditions.join(' and ')}`;
  // The condition of the index.
  const indexed = where('words is not null', ...within);
  const page = (from: string, ...conditions: readonly string[]) => `
    from ${from} as messages join conversations on conversations.id = conversation_id
    ${where(...conditions, isVisible)} ${order} limit ${add(limit, 'int')}`;
  return {
    newest: () =>
      `select ${messageColumns} ${page(`(select * from messages ${indexed} ${order} limit ${newestMessages})`, isMatch)}`,
    all: () => `select ${messageColumns} ${page(`(select * from messages ${indexed})`, isMatch)}`,
    // The words are looked up on their own, because the planner cannot know how rare they are.
    words: () => `
      with found as materialized (
        select id, created_at, conversation_id, seq from messages where ${isMatch} limit ${wordsMax}),
      page as (select messages.id ${page('found', ...within, 'true')})
      select ${messageColumns}, (select count(*) from found) < ${wordsMax} as "isComplete"
      from (select) as one left join messages on messages.id in (select id from page) ${order}`,
  }[source]();
}
>>>>>>> main
