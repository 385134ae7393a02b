import type { Site } from './site.ts';

/** What the suites are given. */
export interface Bench {
  readonly site: Site;
  /** So often each peer is measured, in turn. */
  readonly rounds: number;
  /** A look, instead of figures to stand by. */
  readonly isQuick: boolean;
  /** How many connections memory is measured with. */
  readonly connections: number;
  /** Says what goes on. */
  say(text: string): void;
}

/** Measures each of these in turn, round after round; what the first round says is thrown away, for the code is not yet compiled then. */
export async function inTurn<Subject, Value>(
  rounds: number,
  subjects: readonly Subject[],
  measure: (subject: Subject) => Promise<Value>,
): Promise<Value[][]> {
  const values: Value[][] = subjects.map(() => []);
  for (let round = 0; round <= rounds; round++)
    for (const [place, subject] of subjects.entries()) {
      const value = await measure(subject);
      if (round > 0) values[place]!.push(value);
    }
  return values;
}
