import { isUnavailable } from '../db/unavailable.ts';
import type { Event } from '../events/event.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { HttpClient } from './http-client.ts';
import { signedHeaders } from './webhook-signature.ts';
import type { Webhook } from './webhook-store.ts';

/** A request to a webhook: its id and its body. */
export interface Delivery {
  readonly id: string;
  readonly body: string;
}

/** Why an event was not delivered. */
export interface Failure {
  /** The status of the answer, if there was one. */
  readonly status?: number;
  readonly reason: string;
}

interface Parts {
  readonly webhook: Webhook;
  readonly client: HttpClient;
  /** Shows an event as it is now. Rejects while the database is down. */
  present(event: Event): Promise<Delivery>;
  readonly log: Log;
  readonly metrics: Metrics;
  /** Ends requests that are on their way. */
  readonly ending: AbortSignal;
}

/**
 * Sends events to a webhook, signed with its secrets. The function returns the failure; undefined
 * if the event was delivered. It rejects while the database is down.
 */
export function createSender({ webhook, client, present, log, metrics, ending }: Parts) {
  const secrets = (): string[] => {
    const { secret, formerSecret, formerSecretUntil } = webhook;
    return formerSecret && formerSecretUntil! > new Date() ? [secret, formerSecret] : [secret];
  };

  async function post({ id, body }: Delivery): Promise<Failure | undefined> {
    const headers = { ...signedHeaders(secrets(), id, body), 'user-agent': 'Causerie' };
    try {
      const { status } = await client.post(webhook.url, headers, body, ending);
      if (status >= 200 && status < 300) return undefined;
      return { status, reason: `The receiver answered ${status}.` };
    } catch (error) {
      return { reason: (error as Error).message };
    }
  }

  return async (event: Event): Promise<Failure | undefined> => {
    let delivery: Delivery;
    try {
      delivery = await present(event);
    } catch (error) {
      if (isUnavailable(error)) throw error;
      log.error({ err: error, webhook: webhook.id, event: event.seq }, 'an event cannot be shown');
      return { reason: 'The event could not be rendered. The log of the server has the error.' };
    }
    const failure = await post(delivery);
    if (!ending.aborted)
      metrics.webhookDeliveries.inc({ outcome: failure ? 'failed' : 'delivered' });
    return failure;
  };
}
