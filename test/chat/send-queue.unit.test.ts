import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  createSendQueue,
  stricterIsolation,
  type QueuedSend,
} from '../../src/chat/messages/send-queue.ts';

interface Numbered extends QueuedSend {
  readonly number: number;
}
const batchMax = 5;

const keyOf = ({ message }: QueuedSend) => `${message.conversationId} ${message.idempotencyKey}`;

const newSend = (conversationId: string, idempotencyKey: string, number: number): Numbered => ({
  id: `${number}`,
  message: {
    conversationId,
    authorId: 'ann',
    body: 'hello',
    words: null,
    replyToId: null,
    mentions: [],
    idempotencyKey,
    kind: 'TEXT',
    metadata: {},
    attachmentIds: [],
    sentBy: null,
  },
  isolation: 'none',
  number,
});

describe('the queue of sends', () => {
  it('[P6] loses and duplicates no send, keeps the order of sends with one key, and has a conversation in one batch at a time', () => {
    const step = fc.oneof(
      fc.record({
        type: fc.constant('send' as const),
        conversation: fc.integer({ min: 0, max: 3 }),
        key: fc.integer({ min: 0, max: 5 }),
      }),
      fc.record({ type: fc.constant('take' as const) }),
      fc.record({
        type: fc.constantFrom('answer' as const, 'fail' as const, 'blame' as const),
        which: fc.nat({ max: 10 }),
      }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80 }), (steps) => {
        const queue = createSendQueue<Numbered>(batchMax);
        const running: Numbered[][] = [];
        const answered: Numbered[] = [];
        let sent = 0;
        const take = () => {
          const batch = queue.take();
          if (batch.length === 0) return false;
          expect(batch.length).toBeLessThanOrEqual(batchMax);
          const conversations = new Set(batch.map(({ message }) => message.conversationId));
          for (const other of running)
            for (const { message } of other)
              expect(conversations.has(message.conversationId)).toBe(false);
          expect(new Set(batch.map(keyOf)).size).toBe(batch.length);
          const isolations = new Set(batch.map(({ isolation }) => isolation));
          if (isolations.has('conversation') || isolations.has('alone'))
            expect(conversations.size).toBe(1);
          if (isolations.has('alone')) expect(batch).toHaveLength(1);
          running.push(batch);
          return true;
        };
        const finish = (which: number, type: 'answer' | 'fail' | 'blame') => {
          const [batch] = running.splice(which % Math.max(1, running.length), 1);
          if (!batch) return;
          if (type === 'answer') answered.push(...batch);
          else
            queue.addAgain(
              batch.map((one) =>
                type === 'blame' ? { ...one, isolation: stricterIsolation[one.isolation] } : one,
              ),
            );
          queue.done(batch);
        };
        for (const one of steps) {
          if (one.type === 'send')
            queue.add(newSend(`c${one.conversation}`, `k${one.key}`, sent++));
          else if (one.type === 'take') take();
          else finish(one.which, one.type);
          expect(queue.size + running.flat().length + answered.length).toBe(sent);
        }
        while (take() || running.length > 0) finish(0, 'answer');
        expect(answered.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: sent }, (_, number) => number),
        );
        // The first of several sends with one key becomes the message, so they keep their order.
        for (const key of new Set(answered.map(keyOf))) {
          const sameKey = answered.filter((send) => keyOf(send) === key);
          const numbers = sameKey.map(({ number }) => number);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets conversations take turns, so that a busy one does not starve the others', () => {
    const queue = createSendQueue<Numbered>(batchMax);
    const add = (conversationId: string, number: number) =>
      queue.add(newSend(conversationId, `${number}`, number));
    for (let number = 0; number < 20; number++) add('busy', number);
    const first = queue.take();
    add('quiet', 100);
    queue.done(first);
    expect(queue.take().map(({ number }) => number)).toEqual([5, 6, 7, 8, 9]);
    expect(queue.take().map(({ number }) => number)).toEqual([100]);
  });
});
