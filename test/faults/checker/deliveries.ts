import { Webhook as Verifier } from 'standardwebhooks';
import { wordsOfEvent } from '../observations.ts';
import type { AppObservation } from './application.ts';
import type { Violation } from './history.ts';

/** The requests of a webhook, as a receiver of an application handles them. */
export interface Deliveries {
  /** In the order of their first arrival. */
  readonly observed: AppObservation[];
  /** Requests for events that had arrived before. */
  readonly repeats: number;
  /** Notes an accepted request. Returns what is wrong with it. */
  receive(headers: Record<string, string>, text: string): Violation | undefined;
}

/** Verifies each request with the stock library, and recognises repeats by `webhook-id` [P16]. */
export function createDeliveries(secret: string): Deliveries {
  const verifier = new Verifier(secret);
  const observed: AppObservation[] = [];
  const seen = new Set<string>();
  let repeats = 0;
  return {
    observed,
    get repeats() {
      return repeats;
    },
    receive(headers, text) {
      try {
        verifier.verify(text, headers);
      } catch (error) {
        return { rule: 'webhook signature', detail: `${String(error)}: ${text.slice(0, 200)}` };
      }
      const id = headers['webhook-id']!;
      if (seen.has(id)) {
        repeats++;
        return undefined;
      }
      seen.add(id);
      const { type, data } = JSON.parse(text);
      if (type === 'StreamReset')
        return { rule: 'webhook reset', detail: `the webhook was reset: ${data.resetReason}` };
      observed.push({ conversationId: data.conversationId, what: wordsOfEvent(type, data) });
      return undefined;
    },
  };
}
