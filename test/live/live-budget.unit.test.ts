import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createLiveBudget } from '../../src/live/live-budget.ts';
import { createMetrics } from '../../src/metrics.ts';

const noMemory = { document: {}, documentBytes: 0, ownBytes: 0 };
const operation = (topic: string, eventCost: number, memory = noMemory) => ({
  topic,
  eventCost,
  memory,
});

const allLimits = {
  eventCostPerTopic: 100,
  eventCostPerUser: 250,
  subscriptionBytesPerUser: 1000,
};

function setUp(limits = allLimits) {
  const metrics = createMetrics();
  const budget = createLiveBudget(limits, metrics);
  const heldOf = async (budgetName: string) =>
    (await metrics.budgetHeld.get()).values.find(({ labels }) => labels.budget === budgetName)
      ?.value ?? 0;
  const held = () => heldOf('event_cost');
  return { budget, held, heldBytes: () => heldOf('subscription_bytes') };
}

describe('the budget of live operations', () => {
  it('[P13] bounds what one event costs in all subscriptions of a user', () => {
    const { budget } = setUp();
    budget.take('ann', operation('room', 60));
    expect(() => budget.take('ann', operation('room', 60))).toThrow(/eventCostPerTopic/);
    budget.take('ann', operation('room', 40));
    budget.take('bob', operation('room', 60));
    budget.take('ann', operation('another room', 60));
  });

  it('[P13] bounds what the events of all subscriptions of a user cost', () => {
    const { budget } = setUp();
    for (const topic of ['a', 'b', 'c']) budget.take('ann', operation(topic, 80));
    expect(() => budget.take('ann', operation('d', 80))).toThrow(/eventCostPerUser/);
    budget.take('bob', operation('d', 80));
  });

  it('[P13] bounds the memory of all subscriptions of a user, and counts a shared document once', async () => {
    const { budget, held, heldBytes } = setUp();
    const [one, another] = [{}, {}];
    const small = operation('a', 1, { document: one, documentBytes: 600, ownBytes: 100 });
    const similar = operation('b', 1, { document: one, documentBytes: 600, ownBytes: 100 });
    const large = operation('c', 1, { document: another, documentBytes: 600, ownBytes: 100 });
    for (const taken of [small, small, similar]) budget.take('ann', taken);
    expect(await heldBytes()).toBe(800);
    expect(() => budget.take('ann', large)).toThrow(/subscriptionBytesPerUser/);
    expect(await held()).toBe(2);
    budget.take('bob', large);
    for (const ended of [small, similar]) budget.giveBack('ann', ended);
    expect(await heldBytes()).toBe(700 + 700);
    budget.giveBack('ann', small);
    budget.take('ann', large);
    budget.giveBack('bob', large);
    expect(await heldBytes()).toBe(700);
  });

  it('counts an operation once, until the last subscription to it has ended', async () => {
    const { budget, held } = setUp();
    const shared = operation('room', 100);
    for (let time = 0; time < 10; time++) budget.take('ann', shared);
    expect(await held()).toBe(100);
    for (let time = 0; time < 9; time++) budget.giveBack('ann', shared);
    expect(() => budget.take('ann', operation('room', 1))).toThrow(/eventCostPerTopic/);
    budget.giveBack('ann', shared);
    budget.take('ann', operation('room', 1));
    expect(await held()).toBe(1);
  });

  it('[P13] never exceeds its limits, and is empty after all subscriptions have ended in any order', async () => {
    const operations = Array.from({ length: 8 }, (_, place) =>
      operation(place % 2 ? 'odd' : 'even', 20 + 10 * place),
    );
    const step = fc.record({
      holder: fc.constantFrom('ann', 'bob'),
      place: fc.nat({ max: operations.length - 1 }),
      isTaken: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60 }), async (steps) => {
        const { budget, held } = setUp();
        const open = new Map<string, (typeof operations)[number][]>([
          ['ann', []],
          ['bob', []],
        ]);
        for (const { holder, place, isTaken } of steps) {
          const theirs = open.get(holder)!;
          const one = operations[place]!;
          if (!isTaken) {
            if (theirs.length > 0) budget.giveBack(holder, theirs.splice(0, 1)[0]!);
            continue;
          }
          try {
            budget.take(holder, one);
            theirs.push(one);
          } catch {
            // Too much.
          }
          const costs = [...new Set(theirs)];
          for (const topic of ['odd', 'even'])
            expect(sum(costs.filter((cost) => cost.topic === topic))).toBeLessThanOrEqual(100);
        }
        const all = [...open.values()].map((theirs) => sum([...new Set(theirs)]));
        expect(await held()).toBe(all[0]! + all[1]!);
        for (const [holder, theirs] of open) for (const one of theirs) budget.giveBack(holder, one);
        expect(await held()).toBe(0);
      }),
      { numRuns: 200 },
    );
  });
});

const sum = (operations: readonly { eventCost: number }[]) =>
  operations.reduce((total, { eventCost }) => total + eventCost, 0);
