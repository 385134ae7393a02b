import { setTimeout as delay } from 'node:timers/promises';
import { v7 as newId } from 'uuid';
import { isUnavailable } from '../../db/unavailable.ts';
import { unavailable } from '../../errors.ts';
import type { Event, FreshEvent } from '../../events/event.ts';
import { conversationTopic } from '../../events/topics.ts';
import type { Node } from '../../scope.ts';
import type { Kinds } from '../conversations/kinds.ts';
import type { UserRow } from '../people/users.ts';
import { fingerprintOf } from './fingerprint.ts';
import type { MessageRow } from './message-row.ts';
import { createSendQueue, type QueuedSend } from './send-queue.ts';
import { createSendStatements, sendValues, type SendOutcome } from './send-statement.ts';

/** A message to be stored. All of it has been checked but what only the database knows. */
export interface NewMessage {
  readonly conversationId: string;
  readonly authorId: string;
  readonly body: string;
  readonly replyToId: string | null;
  readonly mentions: readonly string[];
  readonly idempotencyKey: string | undefined;
}

/** What became of it; see SendOutcome. `duplicate`: it repeats an earlier send, whose message this is. */
export type Sent =
  | {
      readonly outcome: 'stored';
      readonly message: MessageRow;
      readonly author: UserRow;
      readonly duplicate: boolean;
      readonly isFollowedUp: boolean;
    }
  | { readonly outcome: 'conflict' }
  | { readonly outcome: 'closed' }
  | { readonly outcome: 'no-reply-target' }
  | { readonly outcome: 'muted'; readonly until: Date }
  | { readonly outcome: 'slowed'; readonly waitMs: number };

export interface MessageWriter {
  /** Resolves when it is stored or refused. Rejects with UNAVAILABLE when that is not known: the same key settles it. */
  send(message: NewMessage): Promise<Sent>;
}

declare module '../../scope.ts' {
  interface Services {
    readonly messageWriter: MessageWriter;
  }
}

interface Send extends NewMessage, QueuedSend {
  readonly id: string;
  readonly idempotencyKey: string;
  /** How often it was tried without an answer. */
  readonly attempts: number;
  readonly giveUpAt: number;
  resolve(sent: Sent): void;
  reject(error: unknown): void;
}

const batchMax = 128;
const waitingMax = 10_000;
const attemptsMax = 4;
const patienceMs = 10_000;
const uniqueViolation = '23505';
/** Where no send of the batch is to blame: the connection, the resources or the end of PostgreSQL, and a twin, which the next try finds. */
const ofNoSend = /^(08|53|57P|23505)/;
const narrower = [1, 2, 2] as const;

/**
 * Stores what is sent on one node, and tells who follows. A send goes at once while fewer than `concurrency` statements are under way;
 * those that arrive meanwhile share the next one, each with an answer of its own.
 */
export function createMessageWriter(
  { database, publish, log, signingKey }: Pick<Node, 'database' | 'publish' | 'log' | 'signingKey'>,
  kinds: Kinds,
  concurrency: number,
): MessageWriter {
  const { statementFor } = createSendStatements(kinds);
  const queue = createSendQueue<Send>(batchMax);
  let running = 0;
  let isStarting = false;

  /** What arrives within one turn of the event loop goes together. */
  function startSoon(): void {
    if (isStarting) return;
    isStarting = true;
    setImmediate(() => {
      isStarting = false;
      startBatches();
    });
  }

  function startBatches(): void {
    while (running < concurrency) {
      const batch = queue.take();
      if (batch.length === 0) return;
      running++;
      void store(batch).finally(() => {
        running--;
        queue.done(batch);
        startBatches();
      });
    }
  }

  async function store(batch: readonly Send[]): Promise<void> {
    try {
      settle(batch, await database.query<SendOutcome>(statementFor(batch), sendValues(batch)));
    } catch (error) {
      await tryAgain(batch, error);
    }
  }

  /** A twin that another node stored meanwhile, a circle of locks, a lost connection: whatever it was, the key makes it safe to try again. */
  async function tryAgain(batch: readonly Send[], error: unknown): Promise<void> {
    const { code = '', message } = error as { code?: string; message: string };
    log[code === uniqueViolation ? 'debug' : 'warn'](
      { code, error: message, sends: batch.length },
      'sends were not stored',
    );
    const isHopeless = ({ attempts, giveUpAt }: Send) =>
      attempts + 1 >= attemptsMax || performance.now() > giveUpAt;
    for (const send of batch.filter(isHopeless))
      send.reject(code === uniqueViolation || isUnavailable(error) ? uncertain() : error);
    const hopeful = batch.filter((send) => !isHopeless(send));
    if (hopeful.length === 0) return;
    await delay(25 * 4 ** hopeful[0]!.attempts * (0.5 + Math.random()));
    const isBlamed = 'severity' in (error as object) && !ofNoSend.test(code);
    queue.addAgain(
      hopeful.map((send) => ({
        ...send,
        attempts: send.attempts + 1,
        isolation: isBlamed ? narrower[send.isolation] : send.isolation,
      })),
    );
  }

  function settle(batch: readonly Send[], outcomes: readonly SendOutcome[]): void {
    const answers = outcomes.map((outcome, place) => answerOf(batch[place]!, outcome, signingKey));
    publish(answers.flatMap((answer, place) => freshEventsOf(answer, outcomes[place]!)));
    for (const [place, send] of batch.entries()) send.resolve(answers[place]!);
  }

  return {
    async send(message) {
      if (queue.size >= waitingMax)
        throw unavailable(
          'Too many messages wait to be stored just now. Send again in a moment, with the same idempotencyKey.',
        );
      const id = newId();
      return new Promise((resolve, reject) => {
        queue.add({
          ...message,
          id,
          idempotencyKey: message.idempotencyKey ?? id,
          attempts: 0,
          isolation: 0,
          giveUpAt: performance.now() + patienceMs,
          resolve,
          reject,
        });
        startSoon();
      });
    },
  };
}

const uncertain = () =>
  unavailable(
    'It is not certain that the message was stored. Send again, with the same idempotencyKey: it will not be there twice.',
  );

function answerOf(
  send: Send,
  { outcome, stored, author, isFollowedUp, mutedUntil, waitMs }: SendOutcome,
  signingKey: Uint8Array,
): Sent {
  if (outcome === 'muted') return { outcome, until: new Date(mutedUntil!) };
  if (outcome === 'slowed') return { outcome, waitMs: waitMs! };
  if (outcome !== 'stored') return { outcome };
  const { id, seq, createdAt, mentionedUserIds, now = asSent(send) } = stored!;
  if (now.fingerprint && now.fingerprint !== fingerprintOf(signingKey, id, send.body))
    return { outcome: 'conflict' };
  const { conversationId, authorId, replyToId } = send;
  const [editedAt, deletedAt] = [now.editedAt, now.deletedAt].map((ms) =>
    ms === null ? null : new Date(ms),
  ) as [Date | null, Date | null];
  const message = {
    id,
    conversationId,
    seq,
    authorId,
    body: now.body,
    createdAt: new Date(createdAt),
    replyToId,
    mentionedUserIds,
    editedAt,
    deletedAt,
  };
  return { outcome, message, author: author!, duplicate: id !== send.id, isFollowedUp };
}

const asSent = ({ body }: Send) => ({ body, editedAt: null, deletedAt: null, fingerprint: null });

/** What an earlier try stored was not told of then. */
function freshEventsOf(answer: Sent, { stored, elsewhere }: SendOutcome): FreshEvent[] {
  if (answer.outcome !== 'stored' || answer.duplicate) return [];
  const { message, author } = answer;
  const { id, conversationId } = message;
  const place = { conversationId, ...elsewhere?.place };
  const data = { ...place, messageId: id };
  const occurredAt = stored!.createdAt;
  const event: Event = {
    type: 'MessageSent',
    data,
    topic: conversationTopic(conversationId),
    seq: stored!.eventSeq,
    tag: stored!.tag!,
    follows: stored!.follows!,
    occurredAt,
  };
  const others = (elsewhere?.events ?? []).map(({ type, ...at }): Event =>
    type === 'MessageSent'
      ? { type, data, ...at, occurredAt }
      : { type, data: place, ...at, occurredAt },
  );
  const facts = {
    message: { [id]: message },
    user: { [author.id]: author },
    reactions: { [id]: [] },
  };
  return [event, ...others].map((event) => ({ event, facts }));
}
