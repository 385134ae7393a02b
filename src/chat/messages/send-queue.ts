/** A send on its way to the database. */
export interface QueuedSend {
  readonly conversationId: string;
  readonly authorId: string;
  readonly idempotencyKey: string;
  /** How narrowly it is to be tried: 1 without other conversations, 2 alone, when something in its batch may have made that fail. */
  readonly isolation: 0 | 1 | 2;
}

/**
 * Sends that wait, by conversation in the order of their arrival. A conversation is in one batch at a time: its next sends would only wait
 * in the database for the same lock, and so they wait here, where they can share the next one. Conversations take turns.
 */
export function createSendQueue<Send extends QueuedSend>(batchMax: number) {
  const waiting = new Map<string, Send[]>();
  const underWay = new Set<string>();
  let size = 0;

  /** Splits off the next sends of one conversation, not two with one key: the second is answered from the first. */
  function split(sends: readonly Send[], limit: number): { taken: Send[]; left: Send[] } {
    const { isolation } = sends[0]!;
    const most = isolation === 2 ? 1 : limit;
    const keys = new Set<string>();
    const taken: Send[] = [];
    const left: Send[] = [];
    for (const send of sends) {
      const key = `${send.authorId} ${send.idempotencyKey}`;
      const fits = taken.length < most && send.isolation === isolation && !keys.has(key);
      if (fits) keys.add(key);
      (fits ? taken : left).push(send);
    }
    return { taken, left };
  }

  return {
    /** How many wait. */
    get size() {
      return size;
    },
    add(send: Send): void {
      size++;
      const sends = waiting.get(send.conversationId);
      if (sends) sends.push(send);
      else waiting.set(send.conversationId, [send]);
    },
    /** Takes sends back that got no answer, before those that wait. */
    addAgain(sends: readonly Send[]): void {
      size += sends.length;
      for (const send of sends.toReversed())
        waiting.set(send.conversationId, [send, ...(waiting.get(send.conversationId) ?? [])]);
    },
    /** The next sends to go together; none when all that wait are of conversations that are under way. */
    take(): Send[] {
      const batch: Send[] = [];
      for (const [conversationId, sends] of waiting) {
        if (batch.length === batchMax) break;
        const isApart = sends[0]!.isolation > 0;
        if (underWay.has(conversationId) || (isApart && batch.length > 0)) continue;
        const { taken, left } = split(sends, batchMax - batch.length);
        batch.push(...taken);
        underWay.add(conversationId);
        waiting.delete(conversationId);
        if (left.length > 0) waiting.set(conversationId, left);
        if (isApart) break;
      }
      size -= batch.length;
      return batch;
    },
    /** Lets the conversations of a batch go on. */
    done(batch: readonly Send[]): void {
      for (const { conversationId } of batch) underWay.delete(conversationId);
    },
  };
}
