import { createBudget } from '../budget.ts';
import type { Limits } from '../limits.ts';
import { Refusal } from '../errors.ts';
import type { Metrics } from '../metrics.ts';

/** An operation that is executed for each event of a topic, once for all of its subscribers. */
interface Costly {
  readonly topic: string;
  readonly eventCost: number;
  readonly memory: OperationMemory;
}

/** The memory that an operation takes as long as it is open. */
export interface OperationMemory {
  /** Operations with the same document share its memory. */
  readonly document: object;
  readonly documentBytes: number;
  readonly ownBytes: number;
}

/**
 * Bounds what the events of a holder's open subscriptions cost, and the memory that these take
 * [P13]. Several subscriptions to one live operation count once, because it is executed once.
 */
export interface LiveBudget {
  /** Throws a refusal, and takes nothing, if a limit would be exceeded. */
  take(holder: string, operation: Costly): void;
  /** Gives back one `take`. */
  giveBack(holder: string, operation: Costly): void;
}

export function createLiveBudget(
  {
    eventCostPerTopic,
    eventCostPerUser,
    subscriptionBytesPerUser,
  }: Pick<Limits, 'eventCostPerTopic' | 'eventCostPerUser' | 'subscriptionBytesPerUser'>,
  metrics: Metrics,
): LiveBudget {
  const costs = createBudget<string>({
    name: 'event_cost',
    perHolder: eventCostPerUser,
    total: Infinity,
    metrics,
  });
  const memory = createBudget<string>({
    name: 'subscription_bytes',
    perHolder: subscriptionBytesPerUser,
    total: Infinity,
    metrics,
  });
  /** The operations of each holder, each as often as it was taken. */
  const taken = new Map<string, Costly[]>();

  function takeCost(holder: string, operations: readonly Costly[], next: Costly): void {
    const costInTopic = [...new Set(operations)]
      .filter(({ topic }) => topic === next.topic)
      .reduce((sum, { eventCost }) => sum + eventCost, next.eventCost);
    if (costInTopic > eventCostPerTopic)
      throw tooComplex(
        `One event would cost ${costInTopic} in your subscriptions that receive it; at most ${eventCostPerTopic} (\`eventCostPerTopic\`) is allowed. End one of them, select less, or use one document for all of them.`,
      );
    if (costs.take(holder, next.eventCost) !== 'taken')
      throw tooComplex(
        `The events of all your subscriptions may cost ${eventCostPerUser} (\`eventCostPerUser\`) together, and this one would exceed it. End one of them, or select less.`,
      );
  }

  function takeMemory(holder: string, operations: readonly Costly[], next: Costly): void {
    if (memory.take(holder, bytesBeside(operations, next)) === 'taken') return;
    costs.giveBack(holder, next.eventCost);
    throw tooComplex(
      `The documents and variables of all your subscriptions may take ${subscriptionBytesPerUser} bytes of memory (\`subscriptionBytesPerUser\`) together, and this one would exceed it. End one of them, or use one document for several of them.`,
    );
  }

  return {
    take(holder, operation) {
      const operations = taken.get(holder) ?? [];
      if (!operations.includes(operation)) {
        takeCost(holder, operations, operation);
        takeMemory(holder, operations, operation);
      }
      operations.push(operation);
      taken.set(holder, operations);
    },
    giveBack(holder, operation) {
      const operations = taken.get(holder) ?? [];
      const index = operations.indexOf(operation);
      if (index < 0) return;
      operations.splice(index, 1);
      if (!operations.includes(operation)) {
        costs.giveBack(holder, operation.eventCost);
        memory.giveBack(holder, bytesBeside(operations, operation));
      }
      if (operations.length === 0) taken.delete(holder);
    },
  };
}

/** The memory that an operation takes in addition to these. */
const bytesBeside = (
  operations: readonly Costly[],
  { memory: { document, documentBytes, ownBytes } }: Costly,
): number =>
  operations.some(({ memory }) => memory.document === document)
    ? ownBytes
    : ownBytes + documentBytes;

const tooComplex = (message: string) => new Refusal('TOO_COMPLEX', message);
