import { mayGrow, type Sample } from './samples.ts';

/** How a figure changed over a run. */
export interface Growth {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly mayGrow: number;
  readonly isTooMuch: boolean;
}

/** Compiled code, caches and pools fill up in this part of a run. */
const warmUpShare = 0.3;
/** The first and the last part of the rest are compared. */
const comparedShare = 0.25;

const samplesMin = 8;

/**
 * Compares the medians of the beginning and the end, so that single samples do not matter. Throws
 * if there are too few samples for that.
 */
export function growthOf(samples: readonly Sample[]): Growth[] {
  if (samples.length < samplesMin)
    throw new Error(`${samples.length} samples show nothing: ${samplesMin} are needed`);
  const settled = samples.slice(Math.floor(samples.length * warmUpShare));
  const part = Math.max(1, Math.floor(settled.length * comparedShare));
  return Object.entries(mayGrow).map(([name, most]) => {
    const values = settled.map((sample) => sample[name] ?? NaN);
    const from = medianOf(values.slice(0, part));
    const to = medianOf(values.slice(-part));
    // A figure that is missing has not held.
    return { name, from, to, mayGrow: most, isTooMuch: !(to - from <= most) };
  });
}

const medianOf = (values: readonly number[]): number =>
  values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)]!;

export function printGrowth(growth: readonly Growth[]): string {
  const rows = growth.map(
    ({ name, from, to, mayGrow: most, isTooMuch }) =>
      `| ${name} | ${from.toFixed(1)} | ${to.toFixed(1)} | ${most} | ${isTooMuch ? '**GROWS**' : 'holds'} |`,
  );
  return [
    '| figure | after warming up | at the end | may grow by | verdict |',
    '|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}
