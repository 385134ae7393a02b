import { z } from 'zod';
import { codesOf } from '../../db/unavailable.ts';
import { invalid, Refusal } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { visibleConversation } from '../conversations/access.ts';
import { byKind, type Kinds } from '../conversations/kinds.ts';
import { isAdmin } from '../people/admin-role.ts';
import { spend } from '../policy/allowances.ts';
import { isOneLine } from '../policy/text.ts';
import { messageColumns } from './message-fields.ts';
import { messageById, type MessageRow } from './message-row.ts';

const queryMax = 256;
const timeoutMs = 4000;
/** PostgreSQL's code for a statement that reached its timeout. */
const statementTimeout = '57014';

/** Where a message stands among all: when it was sent, and where beside those of the same moment. */
const place = z.tuple([
  z.iso.datetime(),
  z.guid(),
  z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
]);
type Place = z.output<typeof place>;

export interface SearchRequest extends PageArguments {
  readonly query: string;
  readonly conversationId?: string | null;
}

/**
 * The messages with these words, newest first, in one conversation or in all that the viewer may see now. Words match whole, in upper and lower
 * case. "Quoted words" match next to each other; `or` and a leading minus work as in web searches.
 */
export async function searchMessages(
  scope: Scope,
  { query, conversationId, ...page }: SearchRequest,
) {
  const viewer = requireViewer(scope);
  const conversation =
    conversationId == null ? null : await visibleConversation(scope, conversationId);
  if (query.length > queryMax || !isOneLine(query))
    throw invalid(
      `Search for at most ${queryMax} characters, without control characters.`,
      'query',
    );
  await spend(scope, 'search');
  const { database } = scope.node;
  const [{ tree }] = (await database.query<{ tree: string }>(treeStatement, [query])) as [
    { tree: string },
  ];
  // A query of excluded words only would match almost every message.
  if (tree === '' || tree === 'T')
    throw invalid('Search for at least one word that the messages contain.', 'query');
  const asAdmin = await isAdmin(scope);
  const { kinds } = scope.node.services;
  return readPage(scope, page, {
    keys: place,
    keyOf: ({ createdAt, conversationId, seq }: MessageRow): Place => [
      new Date(createdAt).toISOString(),
      conversationId,
      seq,
    ],
    async read({ after, before, limit, inverted }) {
      // The list starts at the newest message, so `after` means older.
      const direction = inverted ? 'asc' : 'desc';
      const messages = conversation
        ? await search(scope, inOne(kinds, direction), [
            query,
            viewer.id,
            asAdmin,
            conversation.id,
            before?.[2],
            after?.[2],
            limit,
          ])
        : await search(scope, inAll(kinds, direction), [
            query,
            viewer.id,
            asAdmin,
            ...(before ?? [null, null, null]),
            ...(after ?? [null, null, null]),
            limit,
          ]);
      for (const message of messages) messageById.prime(scope, message.id, message);
      return messages;
    },
  });
}

const treeStatement = {
  name: 'search-tree',
  text: `select querytree(websearch_to_tsquery('simple', $1)) as tree`,
};

/** Searches the conversations that access.ts shows to the viewer, and no others. Deleted messages have no text, so they never match. */
const matching = (kinds: Kinds) => `
  select ${messageColumns} from messages join conversations on conversations.id = conversation_id
  where to_tsvector('simple', body) @@ websearch_to_tsquery('simple', $1)
    and (${byKind(kinds, 'kind', ({ sql }) => sql.isOpen?.('$3::boolean'))}
      or exists (select from members where members.conversation_id = conversations.id and user_id = $2::uuid))`;

type Direction = 'asc' | 'desc';

/** Ordered by number, so that a search for a common word can stop after the newest matches. */
const inOne = (kinds: Kinds, direction: Direction) => `${matching(kinds)}
  and conversation_id = $4::uuid and ($5::int is null or seq > $5::int) and ($6::int is null or seq < $6::int)
  order by seq ${direction} limit $7::int`;

const inAll = (kinds: Kinds, direction: Direction) => `${matching(kinds)}
  and ($4::timestamptz is null or (messages.created_at, conversation_id, seq) > ($4::timestamptz, $5::uuid, $6::int))
  and ($7::timestamptz is null or (messages.created_at, conversation_id, seq) < ($7::timestamptz, $8::uuid, $9::int))
  order by messages.created_at ${direction}, conversation_id ${direction}, seq ${direction} limit $10::int`;

/** TOO_COMPLEX after the timeout, so that a search for very common words does not delay other users. */
async function search(
  { node: { database } }: Scope,
  text: string,
  values: readonly (string | number | boolean | null | undefined)[],
): Promise<MessageRow[]> {
  try {
    const [, messages] = await database.prisma.$transaction([
      database.prisma.$executeRawUnsafe(`set local statement_timeout = ${timeoutMs}`),
      database.prisma.$queryRawUnsafe<MessageRow[]>(text, ...values.map((value) => value ?? null)),
    ]);
    return messages;
  } catch (error) {
    if (codesOf(error).includes(statementTimeout))
      throw new Refusal(
        'TOO_COMPLEX',
        'Too many messages have these words. Add rarer ones, or search in one conversation.',
      );
    throw error;
  }
}
