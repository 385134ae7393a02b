import { byKind, type Kinds } from '../conversations/kinds.ts';
import { messageColumns } from './message-fields.ts';

/**
 * Searches the conversations that access.ts shows to the viewer, and no others. Deleted messages
 * have no text, so they never match.
 */
const matching = (kinds: Kinds) => `
  select ${messageColumns} from messages join conversations on conversations.id = conversation_id
  where words @@ $1::text::tsquery
    and (${byKind(kinds, 'conversations.kind', ({ sql }) => sql.isOpen?.('$3::boolean'))}
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
