import type { Violation } from './history.ts';

/** The resources that a node holds for clients. */
export interface Held {
  readonly connections: number;
  readonly subscribers: number;
  readonly liveOperations: number;
  readonly feeds: number;
}

/** A node itself follows one topic, about access. */
const ownFeeds = 1;

/** After all clients have left, a node holds nothing for them. */
export function checkLeftovers(who: string, held: Held): Violation[] {
  const { feeds, ...others } = held;
  const left = Object.entries({ ...others, feeds: feeds - ownFeeds }).filter(
    ([, count]) => count !== 0,
  );
  return left.map(([what, count]) => ({
    rule: 'left over',
    detail: `${who} still holds ${count} ${what}`,
  }));
}
