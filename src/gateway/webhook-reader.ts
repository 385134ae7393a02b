import type { Event } from '../events/event.ts';
import type { EventLog } from '../events/event-log.ts';
import { applicationTopic } from '../events/topics.ts';
import type { Log } from '../log.ts';
import type { createLanes, Item } from './webhook-lanes.ts';
import type { Webhook, WebhookStore } from './webhook-store.ts';

/** Events that are read ahead, so that conversations do not wait for each other. */
const windowMax = 256;
/** Events that may wait in parked lanes. Beyond it, all conversations wait. */
export const parkedMax = 5000;
const pageSize = 100;

interface Parts {
  readonly webhook: Webhook;
  readonly lanes: ReturnType<typeof createLanes>;
  readonly store: WebhookStore;
  readonly eventLog: EventLog;
  /** Whether this webhook wants the event. */
  selects(event: Event): boolean;
  readonly log: Log;
}

/** Reads the events of a webhook into lanes. */
export function createReader({ webhook, lanes, store, eventLog, selects, log }: Parts) {
  let readUpTo = Number(webhook.position);

  /** Events of a parked lane are stored before anything else, because the position passes them. */
  async function enqueue(items: readonly (Item & { conversationId: string })[]): Promise<void> {
    const parked = items.filter(({ conversationId }) => lanes.find(conversationId)?.isParked);
    await store.park(
      webhook.id,
      parked.map((item) => ({ ...item, failingSince: null })),
    );
    for (const item of items) {
      const lane = lanes.find(item.conversationId) ?? lanes.open(item.conversationId);
      // Before a restart it was parked, or delivered before the parked ones.
      if (lane.isParked && item.seq <= (lane.items.at(-1)?.seq ?? 0)) continue;
      lane.isParked ||= parked.includes(item);
      lane.items.push({ seq: item.seq });
    }
  }

  /** Goes on with the oldest event that is still stored, and tells the receiver. */
  async function skipTrimmed(): Promise<void> {
    const before = await store.beforeOldest(applicationTopic);
    log.warn({ webhook: webhook.id }, 'events for a webhook were deleted before their delivery');
    const event: Event = {
      type: 'StreamReset',
      data: { reason: 'LOG_TRIMMED' },
      topic: applicationTopic,
      ...before,
      follows: before.tag,
      occurredAt: Date.now(),
    };
    (lanes.find('') ?? lanes.open('')).items.push({ seq: before.seq, event });
    readUpTo = before.seq;
  }

  return {
    /** All events up to this number are in lanes, or not wanted. */
    get readUpTo() {
      return readUpTo;
    },
    /** Reads the events that were parked before. */
    async load(): Promise<void> {
      for (const { seq, conversationId, failingSince } of await store.parked(webhook.id)) {
        const lane = lanes.find(conversationId) ?? lanes.open(conversationId);
        lane.isParked = true;
        if (lane.items.length === 0) lane.failingSince = failingSince?.getTime();
        lane.items.push({ seq });
      }
    },
    /** Reads ahead. Returns whether it has read something. */
    async fill(): Promise<boolean> {
      const before = readUpTo;
      while (lanes.count(false) < windowMax && lanes.count(true) < parkedMax) {
        const passage = await eventLog.read(applicationTopic, readUpTo, pageSize);
        if (!passage) await skipTrimmed();
        else if (passage.events.length === 0) break;
        else {
          await enqueue(passage.events.filter(selects).map(itemOf));
          readUpTo = passage.events.at(-1)!.seq;
        }
      }
      return readUpTo > before;
    },
    /** The event in a lane. Undefined if it is no longer stored. */
    async find({ seq, event }: Item): Promise<Event | undefined> {
      if (event) return event;
      const passage = await eventLog.read(applicationTopic, seq - 1, 1);
      return passage?.events[0];
    },
  };
}

const itemOf = ({ seq, data }: Event) => ({ seq, conversationId: laneOf(data) });

/** The events of a user have a lane of their own, like those of a conversation. */
function laneOf(data: Event['data']): string {
  if ('conversationId' in data && data.conversationId !== undefined) return data.conversationId;
  return 'userId' in data ? data.userId : '';
}
