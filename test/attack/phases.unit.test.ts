import { expect, it } from 'vitest';
import { brokenForOthers, phaseOf, type Phase } from './phases.ts';
import { tooLate, type Sent } from './seen.ts';

/** One send each 40 ms of a second. */
const second = (latencyMs = 10, outcome: Sent['outcome'] = 'stored'): Phase =>
  phaseOf(
    Array.from({ length: 25 }, (_, place) => ({ dueAt: 40 * place, latencyMs, outcome })),
    0,
    1000,
  );
const nothing = phaseOf([], 0, 1000);
const quiet = { before: second(), during: second(), settling: nothing, after: second() };

it('accepts sends that are as fast as before', () => {
  expect(brokenForOthers(quiet, true)).toEqual([]);
});

it('[P13] notices an attack during which no send was stored', () => {
  expect(brokenForOthers({ ...quiet, during: nothing }, false)).toEqual([
    'no send of others was stored during the attack',
  ]);
  expect(brokenForOthers({ ...quiet, during: second(500, 'waiting') }, false)).toEqual([
    'no send of others was stored during the attack',
  ]);
});

it.each(['before', 'during', 'after'])('[P13] does not accept a missing latency: %s', (phase) => {
  expect(brokenForOthers({ ...quiet, [phase]: nothing }, true)).not.toEqual([]);
});

it.each(['before', 'during', 'settling', 'after'])(
  '[P13] counts refused sends as failures: %s',
  (phase) => {
    const refused = { ...quiet, [phase]: second(1, { failure: 'RATE_LIMITED' }) };
    expect(brokenForOthers(refused, false)).toContain('25 sends of others failed: RATE_LIMITED');
  },
);

it('[P13] notices sends that wait until after the attack', () => {
  expect(brokenForOthers({ ...quiet, during: second(4000) }, true)).toEqual([
    'delayed half of the sends of others',
    'delayed some sends of others for long',
  ]);
});

it('judges no delays while other programs use the machine', () => {
  const slow = { ...quiet, after: second(10_000, { failure: tooLate }) };
  expect(brokenForOthers({ ...slow, during: second(4000) }, false)).toEqual([]);
});
