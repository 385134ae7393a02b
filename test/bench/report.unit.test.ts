import { expect, it } from 'vitest';
import { significant, toMarkdown } from '../../bench/report.ts';
import { atLeast, atMost, rowOf } from '../../bench/row.ts';

it('formats a value with its significant digits', () => {
  expect([0, 0.0456, 0.456, 4.56, 45.6, 456, 4567].map(significant)).toEqual([
    '0',
    '0.046',
    '0.456',
    '4.56',
    '45.6',
    '456',
    '4,567',
  ]);
});

it('shows in a row the ratio to each peer, and whether each target is reached', () => {
  const measured = { causerie: [3, 4, 5], raw: [6, 8, 10], vanilla: [30, 40, 50] };
  const row = rowOf('fan-out', 'µs', measured, ({ value, toRaw, toVanilla }) => [
    atMost('≤ 0.5 × raw', toRaw, 0.5),
    atMost('≤ 1/20 of vanilla', toVanilla, 1 / 20),
    atLeast('≥ 4', value, 4),
  ]);
  expect(row.targets.map(({ isReached }) => isReached)).toEqual([true, false, true]);
  const [, , line] = toMarkdown({
    date: '2026-01-02T03:04:05.000Z',
    machine: 'm',
    versions: {},
    rows: [row],
  }).split('\n');
  expect(line).toBe(
    '| fan-out, µs | ~4.00 (3.00–5.00) | ~8.00 (6.00–10.0) | ~40.0 (30.0–50.0) | 0.500 | 0.100 | ≤ 0.5 × raw, ≤ 1/20 of vanilla, ≥ 4 | yes, **no**, yes |',
  );
});

it('marks values whose rounds differ much, and no others', () => {
  const lineOf = (values: number[]) =>
    toMarkdown({
      date: '2026-01-02T03:04:05.000Z',
      machine: 'm',
      versions: {},
      rows: [rowOf('x', 'ms', { causerie: values })],
    }).split('\n')[2];
  expect(lineOf([10, 10.5, 11])).toContain('| 10.5 (10.0–11.0) |');
  expect(lineOf([10, 11, 14])).toContain('| ~11.0 (10.0–14.0) |');
});
