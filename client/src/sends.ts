import type { Document } from './document.ts';
import { persist, type AskOptions, type Patience } from './request.ts';
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
 * Sends are repeated, with a key of their own, until the server has answered them: what was stored before an answer was lost is not stored
 * again. Those to one conversation go one after the other, in the order of the calls; a refused one does not stop those behind it. An
 * abort is answered at once, whatever is still waited for.
 */
export function createSends(ask: Ask, patience: Patience) {
  const last = new Map<string | undefined, Promise<unknown>>();
  return function send<Result>(
    document: Document<Result, unknown>,
    { input }: { readonly input: SendInput },
    { signal }: AskOptions = {},
  ): Promise<Result> {
    const variables = { input: { ...input, idempotencyKey: input.idempotencyKey ?? newKey() } };
    const place = input.conversationId ?? input.toUserId;
    const work = () => persist(patience, () => ask(document, variables, signal), signal);
    const sent = last.has(place) ? last.get(place)!.then(work, work) : work();
    last.set(place, sent);
    const forget = () => void (last.get(place) === sent && last.delete(place));
    sent.then(forget, forget);
    return orAborted(sent, signal);
  };
}

/** Also where the page is not secure, and `randomUUID` missing. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
