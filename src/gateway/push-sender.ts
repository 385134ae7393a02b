import webPush from 'web-push';
import type { Config } from '../config.ts';
import { PrivateAddressError, type HttpClient } from './http-client.ts';
import type { PushKeys } from './push-keys.ts';

/** A browser to push to. */
export interface PushTarget {
  readonly endpoint: string;
  readonly p256dh: string;
  readonly auth: string;
}

export interface PushMessage {
  /** Of two pushes with the same topic, a push service delivers the later one (RFC 8030, 5.4). */
  readonly topic: string;
  readonly payload: string;
}

export type PushOutcome =
  | { readonly is: 'sent' | 'gone' }
  /** The push service will never take this push. */
  | { readonly is: 'refused'; readonly reason: string }
  | FailedPush;

/** A push that may be sent later. */
export interface FailedPush {
  readonly is: 'failed';
  readonly reason: string;
  readonly isAnswered: boolean;
  /** The time after which the push service wants the next request. */
  readonly retryAfterMs?: number;
  /** Whether it may concern other pushes to the push service. */
  readonly isOfService: boolean;
}

/** How long a push service keeps a push for a browser that is offline. */
const keptSeconds = 24 * 3600;

/** Sends encrypted pushes (RFC 8291), signed with the keys of this server (RFC 8292). */
export function createPushSender(
  { PUSH_CONTACT }: Pick<Config, 'PUSH_CONTACT'>,
  keys: PushKeys,
  client: HttpClient,
) {
  const vapidDetails = { subject: PUSH_CONTACT, ...keys };
  return async (
    { endpoint, ...browserKeys }: PushTarget,
    { topic, payload }: PushMessage,
    ending: AbortSignal,
  ): Promise<PushOutcome> => {
    const subscription = { endpoint, keys: browserKeys };
    const options = { vapidDetails, TTL: keptSeconds, topic, urgency: 'high' } as const;
    const request = webPush.generateRequestDetails(subscription, payload, options);
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    try {
      const { status, retryAfter } = await client.post(endpoint, headers, request.body!, ending);
      return outcomeOf(status, retryAfterMs(retryAfter));
    } catch (error) {
      const reason = (error as Error).message;
      if (error instanceof PrivateAddressError) return { is: 'refused', reason };
      return { is: 'failed', reason, isAnswered: false, isOfService: true };
    }
  };
}

function outcomeOf(status: number, retryAfterMs: number | undefined): PushOutcome {
  if (status >= 200 && status < 300) return { is: 'sent' };
  if (status === 404 || status === 410) return { is: 'gone' };
  const reason = `The push service answered ${status}.`;
  const isTemporary = status === 408 || status === 429 || status >= 500;
  if (!isTemporary) return { is: 'refused', reason };
  const isOfService = status === 429 || retryAfterMs !== undefined;
  return {
    is: 'failed',
    reason,
    isAnswered: true,
    isOfService,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** The header `Retry-After`: seconds, or a date (RFC 9110, section 10.2.3). */
function retryAfterMs(header: string | undefined): number | undefined {
  if (header === undefined) return undefined;
  const ms = /^\d+$/.test(header) ? Number(header) * 1000 : Date.parse(header) - Date.now();
  return ms > 0 ? ms : undefined;
}
