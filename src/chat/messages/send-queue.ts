import type { NewMessage } from './new-message.ts';

/**
 * What a send may share its next statement with, after a failure that one of the sends may have
 * caused: sends of any conversation, sends of its own conversation only, or none.
 */
export type Isolation = 'none' | 'conversation' | 'alone';

/** The next step after another failure. */
export const stricterIsolation = {
  none: 'conversation',
  conversation: 'alone',
  alone: 'alone',
} as const satisfies Record<Isolation, Isolation>;

/** A send on its way to the database. */
export interface QueuedSend {
  /** The id of the message, if it is new. */
  readonly id: string;
  readonly message: NewMessage;
  readonly isolation: Isolation;
}

/**
 * Waiting sends, by conversation, in the order of their arrival. A conversation is in one batch at
 * a time: its next sends would wait in the database for the same lock, so they wait here, where
 * they can share a statement. Conversations take turns.
 */
export function createSendQueue<Send extends QueuedSend>(batchMax: number) {
  const waiting = new Map<string, Send[]>();
  const running = new Set<string>();
  let size = 0;

  /**
   * Splits off the next sends of one conversation. Two sends with the same key never share a batch:
   * the second is answered from the stored message of the first.
   */
  function split(sends: readonly Send[], limit: number): { taken: Send[]; left: Send[] } {
    const { isolation } = sends[0]!;
    const takenMax = isolation === 'alone' ? 1 : limit;
    const keys = new Set<string>();
    const taken: Send[] = [];
    const left: Send[] = [];
    for (const send of sends) {
      const key = `${send.message.authorId} ${send.message.idempotencyKey}`;
      const fits = taken.length < takenMax && send.isolation === isolation && !keys.has(key);
      if (fits) {
        keys.add(key);
        taken.push(send);
      } else left.push(send);
    }
    return { taken, left };
  }

  return {
    /** The number of waiting sends. */
    get size() {
      return size;
    },
    add(send: Send): void {
      size++;
      const { conversationId } = send.message;
      const sends = waiting.get(conversationId);
      if (sends) sends.push(send);
      else waiting.set(conversationId, [send]);
    },
    /** Puts sends without an answer back, before the waiting ones. */
    addAgain(sends: readonly Send[]): void {
      size += sends.length;
      for (const send of sends.toReversed()) {
        const { conversationId } = send.message;
        waiting.set(conversationId, [send, ...(waiting.get(conversationId) ?? [])]);
      }
    },
    /**
     * The next batch; empty if every waiting send belongs to a conversation with a running batch.
     */
    take(): Send[] {
      const batch: Send[] = [];
      for (const [conversationId, sends] of waiting) {
        if (batch.length === batchMax) break;
        const isIsolated = sends[0]!.isolation !== 'none';
        if (running.has(conversationId) || (isIsolated && batch.length > 0)) continue;
        const { taken, left } = split(sends, batchMax - batch.length);
        batch.push(...taken);
        running.add(conversationId);
        waiting.delete(conversationId);
        if (left.length > 0) waiting.set(conversationId, left);
        if (isIsolated) break;
      }
      size -= batch.length;
      return batch;
    },
    /** Ends a batch, so that the next sends of its conversations can be taken. */
    done(batch: readonly Send[]): void {
      for (const { message } of batch) running.delete(message.conversationId);
    },
  };
}
