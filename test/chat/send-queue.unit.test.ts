import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSendQueue, type QueuedSend } from '../../src/chat/messages/send-queue.ts';

interface Numbered extends QueuedSend {
  readonly number: number;
}
const batchMax = 5;

describe('the queue of sends', () => {
  it('[P6] loses none and doubles none, answers those of one key in their order, and has a conversation in one batch at a time, whatever comes when', () => {
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
        const underWay: Numbered[][] = [];
        const answered: Numbered[] = [];
        let sent = 0;
        const take = () => {
          const batch = queue.take();
          if (batch.length === 0) return false;
          expect(batch.length).toBeLessThanOrEqual(batchMax);
          const conversations = new Set(batch.map(({ conversationId }) => conversationId));
          for (const other of underWay)
            for (const { conversationId } of other)
              expect(conversations.has(conversationId)).toBe(false);
          expect(
            new Set(
              batch.map(
                ({ conversationId, idempotencyKey }) => `${conversationId} ${idempotencyKey}`,
              ),
            ).size,
          ).toBe(batch.length);
          const isolation = Math.max(...batch.map((one) => one.isolation));
          if (isolation > 0) expect(conversations.size).toBe(1);
          if (isolation === 2) expect(batch).toHaveLength(1);
          underWay.push(batch);
          return true;
        };
        const finish = (which: number, type: 'answer' | 'fail' | 'blame') => {
          const [batch] = underWay.splice(which % Math.max(1, underWay.length), 1);
          if (!batch) return;
          if (type === 'answer') answered.push(...batch);
          else
            queue.addAgain(
              batch.map((one) =>
                type === 'blame' ? { ...one, isolation: one.isolation === 0 ? 1 : 2 } : one,
              ),
            );
          queue.done(batch);
        };
        for (const one of steps) {
          if (one.type === 'send')
            queue.add({
              conversationId: `c${one.conversation}`,
              authorId: 'ann',
              idempotencyKey: `k${one.key}`,
              isolation: 0,
              number: sent++,
            });
          else if (one.type === 'take') take();
          else finish(one.which, one.type);
          expect(queue.size + underWay.flat().length + answered.length).toBe(sent);
        }
        while (take() || underWay.length > 0) finish(0, 'answer');
        expect(answered.map(({ number }) => number).toSorted((a, b) => a - b)).toEqual(
          Array.from({ length: sent }, (_, number) => number),
        );
        // Of one key, the order of arrival; it is for the first to be the message.
        for (const identity of new Set(
          answered.map(
            ({ conversationId, idempotencyKey }) => `${conversationId} ${idempotencyKey}`,
          ),
        )) {
          const numbers = answered
            .filter(
              ({ conversationId, idempotencyKey }) =>
                `${conversationId} ${idempotencyKey}` === identity,
            )
            .map(({ number }) => number);
          expect(numbers).toEqual(numbers.toSorted((a, b) => a - b));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('lets conversations take turns, so that a busy one does not starve the others', () => {
    const queue = createSendQueue<Numbered>(batchMax);
    const add = (conversationId: string, number: number) =>
      queue.add({
        conversationId,
        authorId: 'ann',
        idempotencyKey: `${number}`,
        isolation: 0,
        number,
      });
    for (let number = 0; number < 20; number++) add('busy', number);
    const first = queue.take();
    add('quiet', 100);
    queue.done(first);
    expect(queue.take().map(({ number }) => number)).toEqual([5, 6, 7, 8, 9]);
    expect(queue.take().map(({ number }) => number)).toEqual([100]);
  });
});
