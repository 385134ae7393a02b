import type { Facts } from './facts.ts';
import type { Topic } from './topics.ts';

/**
 * How long rows that came with a hint are kept. A row that is older may have been erased meanwhile
 * [P17], so it is read.
 */
const keptMs = 1000;
const keptMax = 5000;

/** Rows that came with hints, until their events are copied. */
export function createRecentFacts() {
  const kept = new Map<string, { readonly facts: Facts; readonly until: number }>();
  const keyOf = (topic: Topic, seq: number, tag: number) => `${topic} ${seq} ${tag}`;
  return {
    keep(topic: Topic, seq: number, tag: number, facts: Facts): void {
      if (kept.size >= keptMax) kept.clear();
      kept.set(keyOf(topic, seq, tag), { facts, until: performance.now() + keptMs });
    },
    take(topic: Topic, seq: number, tag: number): Facts | undefined {
      const key = keyOf(topic, seq, tag);
      const found = kept.get(key);
      kept.delete(key);
      return found && performance.now() < found.until ? found.facts : undefined;
    },
    clear: () => kept.clear(),
  };
}
