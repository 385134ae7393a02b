import { z } from 'zod';
import { invalid, Refusal } from '../../errors.ts';
import { readPage, type PageArguments } from '../../graphql/pages.ts';
import { requireViewer, type Scope } from '../../scope.ts';
import { visibleConversation } from '../conversations/access.ts';
import { byKind, type Kinds } from '../conversations/kinds.ts';
import { isAdmin } from '../people/admin-role.ts';
import { isSound } from '../people/names.ts';
import { spend } from '../policy/allowances.ts';
import { messageColumns } from './message-fields.ts';
import { messageById, type MessageRow } from './message-row.ts';

const longest = 256;
const patienceMs = 4000;
/** PostgreSQL's code for a statement that it ended. */
const ofPatience = '57014';

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
 * The messages whose text has these words, newest first: in one conversation, or in all that the viewer may look at at this moment. Words
 * are found as they are written, whole, in upper and lower case; "quoted" ones beside each other; `or` and a minus in front mean that.
 */
export async function searchMessages(
  scope: Scope,
  { query, conversationId, ...page }: SearchRequest,
) {
  const viewer = requireViewer(scope);
  const conversation =
    conversationId == null ? null : await visibleConversation(scope, conversationId);
  if (query.length > longest || !isSound(query))
    throw invalid(`Search for at most ${longest} characters, without control characters.`, 'query');
  await spend(scope, 'search', viewer.id);
  const { database } = scope.node;
  const [{ tree }] = (await database.query<{ tree: string }>(treeStatement, [query])) as [
    { tree: string },
  ];
  // What matches everything that lacks a word has no end, and no use.
  if (tree === '' || tree === 'T')
    throw invalid('Search for at least one word that the messages have.', 'query');
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
      // The list goes from the newest back, so that what comes after is older.
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

/** The conversations that are searched must be those the viewer may look at: see access.ts. Deleted messages have no text to be found by. */
const found = (kinds: Kinds) => `
  select ${messageColumns} from messages join conversations on conversations.id = conversation_id
  where to_tsvector('simple', body) @@ websearch_to_tsquery('simple', $1)
    and (${byKind(kinds, 'kind', ({ sql }) => sql.isOpen?.('$3::boolean'))}
      or exists (select from members where members.conversation_id = conversations.id and user_id = $2::uuid))`;

type Direction = 'asc' | 'desc';

/** By the numbers, so that words which many messages have are found by going back from the newest. */
const inOne = (kinds: Kinds, direction: Direction) => `${found(kinds)}
  and conversation_id = $4::uuid and ($5::int is null or seq > $5::int) and ($6::int is null or seq < $6::int)
  order by seq ${direction} limit $7::int`;

const inAll = (kinds: Kinds, direction: Direction) => `${found(kinds)}
  and ($4::timestamptz is null or (messages.created_at, conversation_id, seq) > ($4::timestamptz, $5::uuid, $6::int))
  and ($7::timestamptz is null or (messages.created_at, conversation_id, seq) < ($7::timestamptz, $8::uuid, $9::int))
  order by messages.created_at ${direction}, conversation_id ${direction}, seq ${direction} limit $10::int`;

/** What takes longer is too general a search, and does not keep others waiting. */
async function search(
  { node: { database } }: Scope,
  text: string,
  values: readonly (string | number | boolean | null | undefined)[],
): Promise<MessageRow[]> {
  try {
    const [, messages] = await database.prisma.$transaction([
      database.prisma.$executeRawUnsafe(`set local statement_timeout = ${patienceMs}`),
      database.prisma.$queryRawUnsafe<MessageRow[]>(text, ...values.map((value) => value ?? null)),
    ]);
    return messages;
  } catch (error) {
    if (error instanceof Error && error.message.includes(ofPatience))
      throw new Refusal(
        'TOO_COMPLEX',
        'Too many messages have these words. Add rarer ones, or search in one conversation.',
      );
    throw error;
  }
}
