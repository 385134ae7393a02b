import { seqOf, type LogEntry, type Observation } from './checker/history.ts';

/** The fields that a follower selects, so that its events can be compared with the database. */
export const followFields = `__typename cursor occurredAt
  ... on MessageSent { message { id seq body author { id } } }
  ... on MemberJoined { user { id } }
  ... on MemberLeft { user { id } }
  ... on CaughtUp { replayed }
  ... on StreamReset { resetReason }`;

export const followDocument = `subscription ($roomId: ID!, $after: Cursor, $last: Int) { roomMessages(roomId: $roomId, after: $after, last: $last) { ${followFields} } }`;

export interface ReceivedEvent {
  readonly __typename: string;
  readonly cursor: string;
  readonly occurredAt: string;
  readonly message?: {
    readonly id: string;
    readonly seq: number;
    readonly body: string;
    readonly author: { readonly id: string };
  };
  readonly user?: { readonly id: string };
  readonly replayed?: number;
  readonly resetReason?: string;
}

/** Converts an event of `followFields` for the checker. */
export function observationOf(event: ReceivedEvent, at = Date.now()): Observation {
  const { __typename: type, message, user, replayed = 0, resetReason = '' } = event;
  const seq = seqOf(event.cursor);
  if (type === 'CaughtUp') return { type: 'caught-up', at, seq, replayed };
  if (type === 'StreamReset') return { type: 'reset', at, seq, reason: resetReason };
  const what = wordsOfEvent(type, { message, user });
  return { type: 'event', at, seq, what, occurredAt: Date.parse(event.occurredAt) };
}

/** Describes an event as `readLog` does. */
export const wordsOfEvent = (
  type: string,
  { message, user }: Pick<ReceivedEvent, 'message' | 'user'>,
): string =>
  message
    ? wordsOfMessage({ ...message, authorId: message.author.id })
    : `${type} ${isMembership(type) ? user?.id : ''}`;

/** Converts a message of the history, whose order is that of the message numbers. */
export function observationOfMessage({
  author,
  ...message
}: {
  id: string;
  seq: number;
  body: string;
  createdAt: string;
  author: { id: string };
}): Observation {
  return {
    type: 'event',
    at: Date.now(),
    seq: message.seq,
    what: wordsOfMessage({ ...message, authorId: author.id }),
    occurredAt: Date.parse(message.createdAt),
  };
}

interface Row {
  readonly seq: number;
  readonly type: string;
  readonly occurredAt: number;
  readonly userId: string | null;
  readonly id: string | null;
  readonly messageSeq: number;
  readonly authorId: string;
  readonly body: string;
}

const logText = `
  select events.seq::int as seq, events.type, floor(extract(epoch from occurred_at) * 1000)::float8 as "occurredAt", data->>'userId' as "userId",
    messages.id, messages.seq as "messageSeq", messages.author_id as "authorId", messages.body
  from events left join messages on messages.id = (data->>'messageId')::uuid
  where topic = 'conversation:' || $1 and events.seq > $2 order by events.seq`;

/** PostgreSQL's driver, its pool, or PGlite. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/** The log of a room after this number, as it is now. */
export async function readLog(client: Queryable, roomId: string, after = 0): Promise<LogEntry[]> {
  const { rows } = await client.query(logText, [roomId, after]);
  return (rows as Row[]).map(
    ({ seq, type, occurredAt, userId, id, messageSeq, authorId, body }) => {
      if (id !== null)
        return {
          seq,
          what: wordsOfMessage({ id, seq: messageSeq, body, authorId }),
          occurredAt,
          author: authorId,
        };
      const who = isMembership(type) ? (userId ?? '') : '';
      return {
        seq,
        what: `${type} ${who}`,
        occurredAt,
        ...(type === 'MemberJoined' && { joined: who }),
        ...(type === 'MemberLeft' && { left: who }),
      };
    },
  );
}

const isMembership = (type: string) => type === 'MemberJoined' || type === 'MemberLeft';

const wordsOfMessage = ({
  id,
  seq,
  body,
  authorId,
}: {
  id: string;
  seq: number;
  body: string;
  authorId: string;
}) => `message ${seq} (${id}) by ${authorId}: ${body.slice(0, 60)}`;
