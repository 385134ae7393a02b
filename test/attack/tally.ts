/** What the server answered to an attack, and which of the attack's own bounds it broke. */
export interface Tally {
  /** Counts an answer. */
  count(answer: string): void;
  counted(answer: string): number;
  /** Reports a broken bound. */
  breaks(bound: string): void;
  readonly broken: readonly string[];
  /** The answers, most frequent first. */
  print(): string;
}

const printedAtMost = 5;

export function createTally(): Tally {
  const counts = new Map<string, number>();
  const broken = new Set<string>();
  return {
    count: (answer) => void counts.set(answer, (counts.get(answer) ?? 0) + 1),
    counted: (answer) => counts.get(answer) ?? 0,
    breaks: (bound) => void broken.add(bound),
    get broken() {
      return [...broken];
    },
    print: () =>
      [...counts]
        .toSorted(([, one], [, other]) => other - one)
        .slice(0, printedAtMost)
        .map(([answer, count]) => `${answer} × ${count.toLocaleString('en')}`)
        .join(', '),
  };
}
