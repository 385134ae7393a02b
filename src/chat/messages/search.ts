import { z } from 'zod';
import { createParameters } from '../../db/parameters.ts';
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
import { searchStatement, type Search, type SearchKey, type Source } from './search-statement.ts';

const queryMax = 256;
const timeoutMs = 4000;
/** PostgreSQL's code for a statement that reached its timeout. */
const statementTimeout = '57014';

const searchKey = z.tuple([
  z.iso.datetime(),
  z.guid(),
  z
    .int()
    .min(0)
    .max(2 ** 31 - 1),
]);

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
  return readPage(scope, page, {
    keys: searchKey,
    keyOf: ({ createdAt, conversationId, seq }: MessageRow): SearchKey => [
      createdAt.toISOString(),
      conversationId,
      seq,
    ],
    async read(bounds) {
      const messages = await search(scope, {
        kinds: scope.node.services.kinds,
        words,
        viewerId: viewer.id,
        isAdmin: asAdmin,
        conversationId: conversation?.id,
        bounds,
      });
      for (const message of messages) messageById.prime(scope, message.id, message);
      return messages;
    },
  });
}

type FoundRow = MessageRow & { readonly isComplete?: boolean };

/**
 * Looks at the newest messages first, which finds a page of a common word, then for rarer words,
 * and last at all messages. TOO_COMPLEX after the timeout, so that a search for words that are
 * common, but not where the viewer may read, does not delay other users.
 */
async function search({ node: { database } }: Scope, request: Search): Promise<MessageRow[]> {
  try {
    return await database.prisma.$transaction(async (transaction) => {
      await transaction.$executeRawUnsafe(
        `select set_config('statement_timeout', '${timeoutMs}', true), set_config('enable_seqscan', 'off', true)`,
      );
      const run = (source: Source) => {
        const { values, add } = createParameters();
        const statement = searchStatement(add, source, request);
        return transaction.$queryRawUnsafe<FoundRow[]>(statement, ...values);
      };
      const newest = await run('newest');
      if (newest.length === request.bounds.limit) return newest;
      const found = await run('words');
      if (found[0]!.isComplete)
        return found
          .filter(({ id }) => id !== null)
          .map(({ isComplete: _, ...message }) => message);
      return run('all');
    });
  } catch (error) {
    if (codesOf(error).includes(statementTimeout))
      throw new Refusal(
        'TOO_COMPLEX',
        'Too many messages have these words. Add rarer ones, or search in one conversation.',
      );
    throw error;
  }
}
