import type { Site } from './site.ts';

/** The environment and options of the suites. */
export interface Bench {
  readonly site: Site;
  /** How often each peer is measured. */
  readonly rounds: number;
  /** Whether to run fewer rounds and followers. The figures are then only rough. */
  readonly isQuick: boolean;
  /** The number of connections of the memory suite. */
  readonly connections: number;
  /** The number of messages that are imported, and of rooms that are searched. */
  readonly scale: number;
  /** Prints the progress. */
  log(text: string): void;
}

/**
 * Measures each subject in turn, in several rounds. Returns the values by subject, without those of
 * a first round, in which the code is not yet compiled.
 */
export async function inTurn<Subject, Value>(
  rounds: number,
  subjects: readonly Subject[],
  measure: (subject: Subject) => Promise<Value>,
): Promise<Value[][]> {
  const values: Value[][] = subjects.map(() => []);
  for (let round = 0; round <= rounds; round++)
    for (const [index, subject] of subjects.entries()) {
      const value = await measure(subject);
      if (round > 0) values[index]!.push(value);
    }
  return values;
}
