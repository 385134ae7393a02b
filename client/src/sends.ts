import type { Document } from './document.ts';
import { retry, type AskOptions, type RetryPolicy } from './request.ts';
import { orAborted } from './wake.ts';

interface SendInput {
  readonly idempotencyKey?: string | null;
  readonly conversationId?: string;
  readonly toUserId?: string;
}

type Ask = <Result, Variables>(
  document: Document<Result, Variables>,
  variables: Variables,
  signal?: AbortSignal,
) => Promise<Result>;

/**
 * Repeats each send until the server answers it. Each has an idempotency key, so a message whose
 * answer was lost is not stored again. Sends to one conversation are executed one after another, in
 * the order of the calls. A refused send does not stop the next ones. An abort rejects at once.
 */
export function createSends(ask: Ask, policy: RetryPolicy) {
  const lastSends = new Map<string | undefined, Promise<unknown>>();
  return function send<Result>(
    document: Document<Result, unknown>,
    { input }: { readonly input: SendInput },
    { signal }: AskOptions = {},
  ): Promise<Result> {
    const variables = { input: { ...input, idempotencyKey: input.idempotencyKey ?? newKey() } };
    const recipient = input.conversationId ?? input.toUserId;
    const work = () => retry(policy, () => ask(document, variables, signal), signal);
    const sent = lastSends.get(recipient)?.then(work, work) ?? work();
    lastSends.set(recipient, sent);
    const forget = () => {
      if (lastSends.get(recipient) === sent) lastSends.delete(recipient);
    };
    sent.then(forget, forget);
    return orAborted(sent, signal);
  };
}

/** A random key. `crypto.randomUUID` is missing in pages without HTTPS. */
function newKey(): string {
  const bytes = Array.from(crypto.getRandomValues(new Uint8Array(16)));
  return bytes.map((byte) => byte.toString(16).padStart(2, '0')).join('');
}
