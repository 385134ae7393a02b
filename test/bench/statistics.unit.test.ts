import { expect, it } from 'vitest';
import { latenciesOf } from '../../bench/load/latencies.ts';
import { quantile, ratioOf, spreadOf } from '../../bench/statistics.ts';

it('computes the median, the lowest and the highest value, regardless of their order', () => {
  expect(spreadOf([3, 1, 2])).toEqual({ median: 2, low: 1, high: 3 });
  expect(spreadOf([4, 1, 3, 2])).toEqual({ median: 2.5, low: 1, high: 4 });
  expect(spreadOf([7])).toEqual({ median: 7, low: 7, high: 7 });
});

it('interpolates a quantile between its neighbours', () => {
  expect(quantile([10, 20, 30, 40, 50], 0)).toBe(10);
  expect(quantile([10, 20, 30, 40, 50], 1)).toBe(50);
  expect(quantile([10, 20, 30, 40, 50], 0.25)).toBe(20);
  expect(quantile([10, 20], 0.75)).toBe(17.5);
});

it('computes the ratio for each round, so that a round in which all were slow changes nothing', () => {
  expect(ratioOf([1, 100, 1], [2, 200, 2])).toEqual({ median: 0.5, low: 0.5, high: 0.5 });
});

it('finds 99 of 100 latencies within the 99th percentile', () => {
  const times = Array.from({ length: 1000 }, (_, place) => 1000 - place);
  const { count, p50, p99 } = latenciesOf(times);
  expect(count).toBe(1000);
  expect(p50).toBe(500.5);
  expect(times.filter((time) => time > p99)).toHaveLength(10);
});
