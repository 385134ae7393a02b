import { expect, it } from 'vitest';
import { growthOf } from './growth.ts';
import { mayGrow, type Sample } from './samples.ts';

const samplesOf = (valueAt: (place: number) => number, name = 'timers'): Sample[] =>
  Array.from({ length: 40 }, (_, place) => ({
    ...Object.fromEntries(Object.keys(mayGrow).map((other) => [other, 10])),
    [name]: valueAt(place),
  }));
const tooMuch = (samples: readonly Sample[]) =>
  growthOf(samples)
    .filter(({ isTooMuch }) => isTooMuch)
    .map(({ name }) => name);

it('accepts a few outliers', () => {
  expect(tooMuch(samplesOf((place) => (place % 5 === 4 ? 1000 : 10)))).toEqual([]);
});

it('accepts a figure that grows while the node warms up', () => {
  expect(tooMuch(samplesOf((place) => Math.min(place, 10) * 100))).toEqual([]);
});

it('[P13] notices a figure that grows steadily', () => {
  expect(tooMuch(samplesOf((place) => place * 5))).toEqual(['timers']);
});

it('[P13] does not accept a figure that was not measured', () => {
  expect(tooMuch(samplesOf(() => NaN))).toEqual(['timers']);
});

it('refuses to judge a few samples', () => {
  expect(() => growthOf(samplesOf(() => 10).slice(0, 5))).toThrow('5 samples show nothing');
});
