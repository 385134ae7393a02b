import type { Limits } from '../config.ts';
import { Refusal } from '../errors.ts';

/** Something whose events cost: all who follow with it are served by one execution. */
interface Costly {
  readonly topic: string;
  readonly eventCost: number;
}

/** What the subscriptions that each holder has open may cost [P13]. A live operation counts once, however often its holder follows with it. */
export interface LiveBudget {
  /** Throws a refusal, and takes nothing, when it would be too much. */
  take(holder: string, operation: Costly): void;
  /** Gives back what was taken once. */
  giveBack(holder: string, operation: Costly): void;
  /** How many hold something. */
  readonly holders: number;
}

export function createLiveBudget({
  eventCostPerTopic,
  eventCostPerUser,
}: Pick<Limits, 'eventCostPerTopic' | 'eventCostPerUser'>): LiveBudget {
  /** Each operation as often as it is held. */
  const held = new Map<string, Costly[]>();

  function requireRoom(operations: readonly Costly[], next: Costly): void {
    let inTopic = next.eventCost;
    let inAll = next.eventCost;
    for (const { topic, eventCost } of new Set(operations)) {
      inAll += eventCost;
      if (topic === next.topic) inTopic += eventCost;
    }
    if (inTopic > eventCostPerTopic)
      throw tooComplex(
        `One event would cost ${inTopic} in your subscriptions that receive it; at most ${eventCostPerTopic} (\`eventCostPerTopic\`) is allowed. End one of them, subscribe with the same document again, or select less.`,
      );
    if (inAll > eventCostPerUser)
      throw tooComplex(
        `The events of all your subscriptions would cost ${inAll}; at most ${eventCostPerUser} (\`eventCostPerUser\`) is allowed. End some of them, or select less.`,
      );
  }

  return {
    take(holder, operation) {
      const operations = held.get(holder) ?? [];
      if (!operations.includes(operation)) requireRoom(operations, operation);
      operations.push(operation);
      held.set(holder, operations);
    },
    giveBack(holder, operation) {
      const operations = held.get(holder);
      const place = operations?.indexOf(operation) ?? -1;
      if (!operations || place < 0) return;
      operations.splice(place, 1);
      if (operations.length === 0) held.delete(holder);
    },
    get holders() {
      return held.size;
    },
  };
}

const tooComplex = (message: string) => new Refusal('TOO_COMPLEX', message);
