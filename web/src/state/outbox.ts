import { signal, type ReadonlySignal } from '@preact/signals';
import type { Attachment } from './files.ts';
import type { Kept, KeptMessage as Pending } from './kept.ts';
import { newKey } from './new-key.ts';
import { reasonOf } from './toasts.ts';
import type { Message } from './timeline.ts';

export type { Pending };

/** What the viewer has written: a text, files, or both. */
export interface Written {
  readonly body: string;
  readonly replyTo: Message | undefined;
  readonly attachments: readonly Attachment[];
}

export interface Outbox {
  readonly pending: ReadonlySignal<readonly Pending[]>;
  send(written: Written): void;
  retry(key: string): void;
  discard(key: string): void;
  /**
   * Call it with each message of the viewer that arrives as an event, which may be before the
   * answer to the send.
   */
  confirm(message: Message): void;
  /** The key that the message had while it was being sent, so that it stays the same row. */
  keyOf(message: Message): string;
}

/** A message as the API takes it. */
export interface Sendable {
  readonly body: string;
  readonly replyToId: string | undefined;
  readonly attachmentIds: string[] | undefined;
  readonly idempotencyKey: string;
}

type Deliver = (message: Sendable) => Promise<Message>;

/**
 * The messages that are not stored yet. They are delivered in order, and repeated until the server
 * answers, also after a restart of the page [P18].
 */
export function createOutbox(
  deliver: Deliver,
  stored: (message: Message) => void,
  kept: Kept,
): Outbox {
  const pending = signal<readonly Pending[]>(kept.messages());
  const keys = new Map<string, string>();

  function setRefusal(key: string, refusal: string | undefined): void {
    const one = pending.value.find((candidate) => candidate.key === key);
    if (!one) return;
    const changed = { ...one, refusal };
    kept.keep(changed);
    pending.value = pending.value.map((other) => (other === one ? changed : other));
  }

  function remove(key: string): void {
    kept.forget(key);
    drop(key);
  }

  function drop(key: string): void {
    pending.value = pending.value.filter((one) => one.key !== key);
  }

  function settle(key: string, message: Message): void {
    if (!keys.has(message.id)) keys.set(message.id, key);
    remove(key);
  }

  async function post(one: Pending): Promise<void> {
    const { key } = one;
    try {
      const message = await deliver(toSendable(one));
      settle(key, message);
      stored(message);
    } catch (error) {
      // The viewer has signed out, or left.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      setRefusal(key, reasonOf(error));
    }
  }

  kept.onForgotten(drop);
  for (const one of pending.value) if (!one.refusal) void post(one);

  return {
    pending,
    send(written) {
      const one: Pending = {
        key: newKey(),
        ...written,
        at: new Date().toISOString(),
        refusal: undefined,
      };
      kept.keep(one);
      pending.value = [...pending.value, one];
      void post(one);
    },
    retry(key) {
      const one = pending.value.find((candidate) => candidate.key === key);
      if (!one) return;
      setRefusal(key, undefined);
      void post(one);
    },
    discard: remove,
    confirm(message) {
      if (keys.has(message.id)) return;
      const mine = pending.value.find(
        (one) => one.refusal === undefined && isStoredAs(one, message),
      );
      if (mine) settle(mine.key, message);
    },
    keyOf: ({ id }) => keys.get(id) ?? id,
  };
}

const toSendable = ({ key, body, replyTo, attachments }: Pending): Sendable => ({
  body,
  replyToId: replyTo?.id,
  attachmentIds: attachments.length > 0 ? attachments.map(({ id }) => id) : undefined,
  idempotencyKey: key,
});

/** Whether a message of the viewer has the content of an unacknowledged one. */
function isStoredAs({ body, attachments }: Pending, message: Message): boolean {
  const ids = (files: readonly Attachment[]) => files.map(({ id }) => id).join();
  return body === message.body && ids(attachments) === ids(message.attachments);
}
