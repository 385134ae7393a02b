import { z } from 'zod';
import { invalid } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { visibleConversation } from '../access.ts';
import { isSound } from '../accounts/names.ts';
import { spend } from '../allowances.ts';
import { messageById, messageColumnsText, type MessageRow } from './message-row.ts';

const longest = 256;

/** Where a message stands among all: when it was sent, and where beside those of the same moment. */
const place = z.tuple([z.iso.datetime(), z.guid(), z.int().min(0).max(2 ** 31 - 1)]);
type Place = z.output<typeof place>;

export interface SearchRequest extends PageArguments {
  readonly query: string;
  readonly conversationId?: string | null;
}

/**
 * The messages whose text has these words, newest first: in one conversation, or in all that the viewer may look at at this moment. Words
 * are found as they are written, whole, in upper and lower case; "quoted" ones beside each other; `or` and a minus in front mean that.
 */
export async function searchMessages(scope: Scope, { query, conversationId, ...page }: SearchRequest) {
  const viewer = requireViewer(scope);
  const conversation = conversationId == null ? null : await visibleConversation(scope, conversationId);
  if (query.length > longest || !isSound(query)) throw invalid(`Search for at most ${longest} characters, without control characters.`, 'query');
  await spend(scope, 'search', viewer.id);
  const { database } = scope.node;
  const [{ tree }] = (await database.query<{ tree: string }>(treeStatement, [query])) as [{ tree: string }];
  // What matches everything that lacks a word has no end, and no use.
  if (tree === '' || tree === 'T') throw invalid('Search for at least one word that the messages have.', 'query');
  return readPage(scope, page, {
    keys: place,
    keyOf: ({ createdAt, conversationId, seq }: MessageRow): Place => [new Date(createdAt).toISOString(), conversationId, seq],
    async read({ after, before, limit, inverted }) {
      // The list goes from the newest back, so that what comes after is older.
      const [from, to] = [before, after].map((bound) => bound ?? [null, null, null]) as [Place, Place];
      const messages = await database.query<MessageRow>(statements[inverted ? 'oldest' : 'newest'], [query, viewer.id, conversation?.id ?? null, ...from, ...to, limit]);
      for (const message of messages) messageById.prime(scope, message.id, message);
      return messages;
    },
  });
}

const treeStatement = { name: 'search-tree', text: `select querytree(websearch_to_tsquery('simple', $1)) as tree` };

/** Whose conversations are searched must be whose messages one may read: see access.ts. Deleted messages have no text to be found by. */
const statementOf = (order: 'asc' | 'desc') => ({
  name: `search-messages-${order}`,
  text: `
    select ${messageColumnsText} from messages join conversations on conversations.id = conversation_id
    where to_tsvector('simple', body) @@ websearch_to_tsquery('simple', $1)
      and (visibility = 'PUBLIC' or exists (select from members where members.conversation_id = conversations.id and user_id = $2::uuid))
      and ($3::uuid is null or conversation_id = $3::uuid)
      and ($4::timestamptz is null or (messages.created_at, conversation_id, seq) > ($4::timestamptz, $5::uuid, $6::int))
      and ($7::timestamptz is null or (messages.created_at, conversation_id, seq) < ($7::timestamptz, $8::uuid, $9::int))
    order by messages.created_at ${order}, conversation_id ${order}, seq ${order}
    limit $10`,
});

const statements = { newest: statementOf('desc'), oldest: statementOf('asc') };
