import { signal, type ReadonlySignal } from '@preact/signals';
import { reasonOf } from './toasts.ts';
import type { Message } from './timeline.ts';

/** A message that is on its way, or that the server refused. */
export interface Pending {
  readonly key: string;
  readonly body: string;
  readonly replyTo: Message | undefined;
  readonly at: string;
  /** Why it was refused; undefined while it is on its way. */
  readonly refusal: string | undefined;
}

export interface Outbox {
  readonly pending: ReadonlySignal<readonly Pending[]>;
  send(body: string, replyTo: Message | undefined): void;
  retry(key: string): void;
  discard(key: string): void;
  /** One of ours was heard, perhaps before its answer came. */
  heard(message: Message): void;
  /** The key that a message had while it was on its way, so that it stays the same row. */
  keyOf(message: Message): string;
}

type Deliver = (
  body: string,
  replyToId: string | undefined,
  idempotencyKey: string,
) => Promise<Message>;

/** Messages appear at once, and go from here when they are stored. They are delivered in their order, and again until they are answered. */
export function createOutbox(deliver: Deliver, stored: (message: Message) => void): Outbox {
  const pending = signal<readonly Pending[]>([]);
  const keys = new Map<string, string>();

  const change = (key: string, refusal: string | undefined) =>
    void (pending.value = pending.value.map((one) =>
      one.key === key ? { ...one, refusal } : one,
    ));
  const remove = (key: string) =>
    void (pending.value = pending.value.filter((one) => one.key !== key));

  function settle(key: string, message: Message): void {
    if (!keys.has(message.id)) keys.set(message.id, key);
    remove(key);
  }

  async function post({ key, body, replyTo }: Pending): Promise<void> {
    try {
      const message = await deliver(body, replyTo?.id, key);
      settle(key, message);
      stored(message);
    } catch (error) {
      change(key, reasonOf(error));
    }
  }

  return {
    pending,
    send(body, replyTo) {
      const one: Pending = {
        key: newKey(),
        body,
        replyTo,
        at: new Date().toISOString(),
        refusal: undefined,
      };
      pending.value = [...pending.value, one];
      void post(one);
    },
    retry(key) {
      const one = pending.value.find((candidate) => candidate.key === key);
      if (!one) return;
      change(key, undefined);
      void post(one);
    },
    discard: remove,
    heard(message) {
      if (keys.has(message.id)) return;
      const mine = pending.value.find(
        ({ body, refusal }) => refusal === undefined && body === message.body,
      );
      if (mine) settle(mine.key, message);
    },
    keyOf: ({ id }) => keys.get(id) ?? id,
  };
}

/** Also where the page is not secure, and `randomUUID` missing. */
const newKey = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
