import { z } from 'zod';
import { codesOf } from '../../db/unavailable.ts';
import { invalid, Refusal } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { visibleConversation } from '../conversations/access.ts';
import { isAdmin } from '../people/admin-role.ts';
import { spend } from '../policy/allowances.ts';
import { isOneLine } from '../policy/text.ts';
import { messageById, type MessageRow } from './message-row.ts';
import { isSelective, parseSearch, tsqueryOf } from './search-query.ts';
import { searchInAll, searchInOne } from './search-statement.ts';

const queryMax = 256;
const timeoutMs = 4000;
/** PostgreSQL's code for a statement that reached its timeout. */
const statementTimeout = '57014';

/** The sort key of the results: the time of a message, its conversation, and its number there. */
const searchKey = z.tuple([
  z.iso.datetime(),
  z.guid(),
  z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
]);
type SearchKey = z.output<typeof searchKey>;

export interface SearchRequest extends PageArguments {
  readonly query: string;
  readonly conversationId?: string | null;
}

/**
 * The messages with these words, newest first, in one conversation or in all that the viewer may
 * see now. docs/protocol.md has the rule by which words match.
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
  const alternatives = parseSearch(query.normalize('NFC'));
  // A query of excluded words only would match almost every message.
  if (!isSelective(alternatives))
    throw invalid('Search for at least one word that the messages contain.', 'query');
  const words = tsqueryOf(alternatives);
  const asAdmin = await isAdmin(scope);
  const { kinds } = scope.node.services;
  return readPage(scope, page, {
    keys: searchKey,
    keyOf: ({ createdAt, conversationId, seq }: MessageRow): SearchKey => [
      createdAt.toISOString(),
      conversationId,
      seq,
    ],
    async read({ after, before, limit, inverted }) {
      // The list starts at the newest message, so `after` means older.
      const direction = inverted ? 'asc' : 'desc';
      const messages = conversation
        ? await search(scope, searchInOne(kinds, direction), [
            words,
            viewer.id,
            asAdmin,
            conversation.id,
            before?.[2],
            after?.[2],
            limit,
          ])
        : await search(scope, searchInAll(kinds, direction), [
            words,
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

/**
 * TOO_COMPLEX after the timeout, so that a search for very common words does not delay other users.
 */
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
