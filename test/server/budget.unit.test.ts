import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createBudget } from '../../src/budget.ts';
import { createMetrics } from '../../src/metrics.ts';

const limits = { name: 'test', perHolder: 10, total: 25 };
const open = (metrics = createMetrics()) => createBudget<string>({ ...limits, metrics });

it('[P13] gives each holder at most its limit and all holders the total, and amounts that were given back again', () => {
  const budget = open();
  expect(budget.take('ann', 8)).toBe('taken');
  expect(budget.take('ann', 3)).toBe('holder');
  expect(budget.take('bob', 10)).toBe('taken');
  expect(budget.take('cleo', 8)).toBe('total');
  expect(budget.heldBy('cleo')).toBe(0);
  budget.giveBack('ann', 4);
  expect(budget.take('cleo', 8)).toBe('taken');
  expect([...budget.holders()]).toEqual([
    ['ann', 4],
    ['bob', 10],
    ['cleo', 8],
  ]);
});

it('[P13] records what can no longer be refused, and answers which limit that exceeds', () => {
  const budget = open();
  expect(budget.record('ann', 12)).toBe('holder');
  expect(budget.record('ann', 11)).toBe('taken');
  expect(budget.record('bob', 10)).toBe('taken');
  expect(budget.record('cleo', 9)).toBe('total');
  expect(budget.held).toBe(30);
  expect(budget.take('dora', 1)).toBe('total');
});

it('[P13] counts exactly, never refuses without a reason, and forgets holders that have nothing', () => {
  const step = fc.record({
    holder: fc.constantFrom('ann', 'bob', 'cleo', 'dora'),
    amount: fc.nat(12),
    kind: fc.constantFrom('take', 'giveBack', 'record'),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const budget = open();
      const model = new Map<string, number>();
      const sum = () => [...model.values()].reduce((all, one) => all + one, 0);
      for (const { holder, amount, kind } of steps) {
        const before = model.get(holder) ?? 0;
        if (kind === 'take') {
          const fits = before + amount <= limits.perHolder && sum() + amount <= limits.total;
          const taking = budget.take(holder, amount);
          expect(taking === 'taken').toBe(fits || amount === 0);
          if (taking === 'taken') model.set(holder, before + amount);
        } else if (kind === 'giveBack') {
          budget.giveBack(holder, amount);
          model.set(holder, Math.max(0, before - amount));
        } else {
          budget.record(holder, amount);
          model.set(holder, amount);
        }
        expect(budget.held).toBe(sum());
        expect(Object.fromEntries(budget.holders())).toEqual(
          Object.fromEntries([...model].filter(([, held]) => held > 0)),
        );
      }
    }),
  );
});

it('shows in the metrics what is held, and which limits were reached', async () => {
  const metrics = createMetrics();
  const budget = open(metrics);
  budget.take('ann', 8);
  budget.take('ann', 8);
  const text = await metrics.registry.metrics();
  expect(text).toContain('causerie_budget_held{budget="test"} 8');
  expect(text).toContain('causerie_budget_exceeded_total{budget="test",limit="holder"} 1');
});
