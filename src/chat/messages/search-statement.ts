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
  const isVisible = `(${byKind(kinds, 'conversations.kind', ({ sql }) => sql.isOpen?.(admin))}
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
