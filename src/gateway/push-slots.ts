import { LRUCache } from 'lru-cache';
import type { Limits } from '../limits.ts';

/** A push that is being sent. */
export interface ActivePush {
  readonly service: string;
  /** Null for the event `push.wanted`. */
  readonly userId: string | null;
}

/** The pushes that may be claimed now. */
export interface FreeSlots {
  readonly quickServices: readonly string[];
  readonly busyServices: readonly string[];
  readonly busyUsers: readonly string[];
  /** The free slots for services that answered quickly the last time. */
  readonly quick: number;
  /** The free slots for all other services. */
  readonly others: number;
}

/** The services that are remembered. */
const servicesMax = 1000;
/** A service that answers within this time is quick. */
const quickMs = 1000;

/**
 * Bounds the pushes that a node sends at once: of a user, to a service, to services that are not
 * known as quick, and in total. Users choose the services, so without this bound slow ones could
 * occupy all requests [P13].
 */
export function createPushSlots({
  pushRequests,
  pushRequestsPerService,
  pushRequestsPerUser,
  pushRequestsToOthers,
}: Pick<
  Limits,
  'pushRequests' | 'pushRequestsPerService' | 'pushRequestsPerUser' | 'pushRequestsToOthers'
>) {
  const active = new Set<ActivePush>();
  const quickServices = new LRUCache<string, true>({ max: servicesMax });
  const isQuick = (service: string) => service === '' || quickServices.has(service);

  function busy(keyOf: (push: ActivePush) => string | null, max: number): string[] {
    const counts = new Map<string, number>();
    for (const push of active) {
      const key = keyOf(push);
      if (key !== null) counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    return [...counts].filter(([, count]) => count >= max).map(([key]) => key);
  }

  return {
    take: (push: ActivePush) => void active.add(push),
    giveBack: (push: ActivePush) => void active.delete(push),
    /** Records how long a service took to answer; undefined if it did not. */
    recordAnswer(service: string, ms: number | undefined): void {
      if (ms !== undefined && ms <= quickMs) quickServices.set(service, true);
      else quickServices.delete(service);
    },
    free(): FreeSlots {
      const free = Math.max(0, pushRequests - active.size);
      const toOthers = [...active].filter(({ service }) => !isQuick(service)).length;
      return {
        quickServices: ['', ...quickServices.keys()],
        busyServices: busy(({ service }) => service, pushRequestsPerService),
        busyUsers: busy(({ userId }) => userId, pushRequestsPerUser),
        quick: free,
        others: Math.min(free, Math.max(0, pushRequestsToOthers - toOthers)),
      };
    },
  };
}
