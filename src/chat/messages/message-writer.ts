import { setTimeout as delay } from 'node:timers/promises';
import { v7 as newId } from 'uuid';
import { isUnavailable } from '../../db/unavailable.ts';
import { unavailable } from '../../errors.ts';
import type { Event, FreshEvent } from '../../events/event.ts';
import { jittered } from '../../jitter.ts';
import type { Node } from '../../scope.ts';
import type { Kinds } from '../conversations/kinds.ts';
import type { UserRow } from '../people/users.ts';
import { fingerprintOf } from './fingerprint.ts';
import { fromJson, shownFields } from './message-fields.ts';
import type { MessageRow } from './message-row.ts';
import type { NewMessage } from './new-message.ts';
import { createSendQueue, stricterIsolation, type QueuedSend } from './send-queue.ts';
import { createSendStatement, sendParameters, type SendOutcome } from './send-statement.ts';

/**
 * The result of a send; see SendOutcome. `duplicate`: the send repeats an earlier one, and
 * `message` is the message of that one.
 */
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
  | { readonly outcome: 'no-attachment' }
  | { readonly outcome: 'muted'; readonly until: Date }
  | { readonly outcome: 'slowed'; readonly waitMs: number };

export interface MessageWriter {
  /**
   * Resolves when the message is stored or refused. Rejects with UNAVAILABLE if that is unknown; a
   * retry with the same key is safe.
   */
  send(message: NewMessage): Promise<Sent>;
}

declare module '../../scope.ts' {
  interface Services {
    readonly messageWriter: MessageWriter;
  }
}

interface PendingSend extends QueuedSend {
  /** How many statements with this send had no answer. */
  readonly attempts: number;
  /** When to stop retrying, by `performance.now()`. */
  readonly deadline: number;
  resolve(sent: Sent): void;
  reject(error: unknown): void;
}

const batchMax = 128;
const queueMax = 10_000;
const attemptsMax = 4;
const retryForMs = 10_000;
const firstRetryMs = 25;
const uniqueViolation = '23505';
/**
 * Errors that no send of the batch caused: a lost connection, exhausted resources, a shutdown of
 * PostgreSQL, and a twin with the same key, which the retry finds.
 */
const causedByNoSend = /^(08|53|57P|23505)/;

/**
 * Stores the sends of one node, and publishes their events. A send starts at once while fewer than
 * `concurrency` statements are running. Sends that arrive meanwhile share the next statement; each
 * has its own answer.
 */
export function createMessageWriter(
  {
    database,
    publish,
    log,
    metrics,
    signingKey,
  }: Pick<Node, 'database' | 'publish' | 'log' | 'metrics' | 'signingKey'>,
  kinds: Kinds,
  concurrency: number,
): MessageWriter {
  const statement = createSendStatement(kinds);
  const queue = createSendQueue<PendingSend>(batchMax);
  let running = 0;
  let isStarting = false;

  /** Sends that arrive within one turn of the event loop share a statement. */
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

  async function store(batch: readonly PendingSend[]): Promise<void> {
    try {
      settle(batch, await database.query<SendOutcome>(statement, sendParameters(batch)));
    } catch (error) {
      await retry(batch, error);
    }
  }

  /**
   * The key makes a retry safe after any error: a twin that another node stored meanwhile, a
   * deadlock, a lost connection.
   */
  async function retry(batch: readonly PendingSend[], error: unknown): Promise<void> {
    const { code = '', message } = error as { code?: string; message: string };
    log[code === uniqueViolation ? 'debug' : 'warn'](
      { code, error: message, sends: batch.length },
      'sends were not stored',
    );
    const isFinal = ({ attempts, deadline }: PendingSend) =>
      attempts + 1 >= attemptsMax || performance.now() > deadline;
    const failed = batch.filter(isFinal);
    const retried = batch.filter((send) => !failed.includes(send));
    for (const send of failed)
      send.reject(code === uniqueViolation || isUnavailable(error) ? unconfirmed() : error);
    if (retried.length === 0) return;
    metrics.retries.inc({ of: 'sends' }, retried.length);
    await delay(jittered(firstRetryMs * 4 ** retried[0]!.attempts));
    // PostgreSQL's own errors have a severity. Such an error may be the fault of one send of the
    // batch.
    const mayBeFault = 'severity' in (error as object) && !causedByNoSend.test(code);
    queue.addAgain(
      retried.map((send) => ({
        ...send,
        attempts: send.attempts + 1,
        isolation: mayBeFault ? stricterIsolation[send.isolation] : send.isolation,
      })),
    );
  }

  function settle(batch: readonly PendingSend[], outcomes: readonly SendOutcome[]): void {
    const settled = batch.map((send, index) => ({
      send,
      outcome: outcomes[index]!,
      sent: sentOf(send, outcomes[index]!, signingKey),
    }));
    publish(settled.flatMap(({ sent, outcome }) => freshEventsOf(sent, outcome)));
    for (const { send, sent } of settled) send.resolve(sent);
  }

  return {
    async send(message) {
      if (queue.size >= queueMax)
        throw unavailable(
          'Too many messages are waiting to be stored. Send again in a moment, with the same idempotencyKey.',
        );
      const id = newId();
      return new Promise((resolve, reject) => {
        queue.add({
          id,
          message: {
            ...message,
            idempotencyKey: message.idempotencyKey ?? id,
            ...(message.sentBody !== undefined && {
              fingerprint: fingerprintOf(signingKey, id, message.sentBody),
            }),
          },
          attempts: 0,
          isolation: 'none',
          deadline: performance.now() + retryForMs,
          resolve,
          reject,
        });
        startSoon();
      });
    },
  };
}

const unconfirmed = () =>
  unavailable(
    'We could not confirm that the message was stored. Send it again with the same idempotencyKey; it will not be duplicated.',
  );

function sentOf(send: PendingSend, answer: SendOutcome, signingKey: Uint8Array): Sent {
  const { outcome, message, fingerprint, author, isFollowedUp, mutedUntil, waitMs } = answer;
  if (outcome === 'muted') return { outcome, until: new Date(mutedUntil!) };
  if (outcome === 'slowed') return { outcome, waitMs: waitMs! };
  if (outcome !== 'stored') return { outcome };
  const row = rowOf(send, message!);
  const { body, sentBody = body } = send.message;
  if (fingerprint && fingerprint !== fingerprintOf(signingKey, row.id, sentBody))
    return { outcome: 'conflict' };
  return {
    outcome,
    message: row,
    author: { ...author!, createdAt: new Date(author!.createdAt) },
    duplicate: row.id !== send.id,
    isFollowedUp,
  };
}

/**
 * Fields that are neither in the answer nor in the send are new columns with their default, null.
 */
function rowOf({ id, message }: PendingSend, answered: NonNullable<SendOutcome['message']>) {
  const values: Record<string, unknown> = { ...message, id, ...fromJson(answered) };
  return Object.fromEntries(
    shownFields.map(({ name }) => [name, values[name] ?? null]),
  ) as unknown as MessageRow;
}

/**
 * The events of a message that this send stored, also if an earlier attempt stored it and its
 * answer was lost. In that case the rows may have changed since, so they do not travel with the
 * event.
 */
function freshEventsOf(sent: Sent, { events, otherTopics, message }: SendOutcome): FreshEvent[] {
  if (sent.outcome !== 'stored' || sent.duplicate || !events) return [];
  const { id, conversationId, createdAt, hiddenFromId } = sent.message;
  const destination = {
    conversationId,
    ...(otherTopics && { otherTopics }),
    ...(hiddenFromId && { hiddenFrom: hiddenFromId }),
  };
  const isNew = message!.id === undefined;
  const facts = {
    message: { [id]: sent.message },
    user: { [sent.author.id]: sent.author },
    reactions: { [id]: [] },
  };
  const occurredAt = createdAt.getTime();
  return events.map(({ type, ...position }) => {
    const event: Event =
      type === 'MessageSent'
        ? { type, data: { ...destination, messageId: id }, ...position, occurredAt }
        : { type, data: destination, ...position, occurredAt };
    return isNew ? { event, facts } : { event };
  });
}
