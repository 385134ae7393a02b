import { ratioOf, spreadOf, type Spread } from './statistics.ts';

/** The values of one measurement, by peer and round. */
export interface Measured {
  readonly causerie: readonly number[];
  readonly raw?: readonly number[];
  readonly vanilla?: readonly number[];
}

/** A target of a row. */
export interface Target {
  readonly text: string;
  readonly isReached: boolean;
}

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly unit: string;
  readonly causerie: Spread;
  readonly raw?: Spread;
  readonly vanilla?: Spread;
  readonly toRaw?: Spread;
  readonly toVanilla?: Spread;
  readonly targets: readonly Target[];
  readonly note?: string;
}

export const thousands = (count: number): string => count.toLocaleString('en');

const noTargets = (): Target[] => [];

/** `targets` gets the medians. */
export function rowOf(
  name: string,
  unit: string,
  measured: Measured,
  targets: (medians: { value: number; toRaw: number; toVanilla: number }) => Target[] = noTargets,
  note?: string,
): Row {
  const { causerie, raw, vanilla } = measured;
  const toRaw = raw && ratioOf(causerie, raw);
  const toVanilla = vanilla && ratioOf(causerie, vanilla);
  const ours = spreadOf(causerie);
  return {
    name,
    unit,
    causerie: ours,
    raw: raw && spreadOf(raw),
    vanilla: vanilla && spreadOf(vanilla),
    toRaw,
    toVanilla,
    targets: targets({
      value: ours.median,
      toRaw: toRaw?.median ?? NaN,
      toVanilla: toVanilla?.median ?? NaN,
    }),
    note,
  };
}

export const atMost = (text: string, value: number, limit: number): Target => ({
  text,
  isReached: value <= limit,
});
export const atLeast = (text: string, value: number, limit: number): Target => ({
  text,
  isReached: value >= limit,
});
