import type { Attachment } from './files.ts';
import type { Message } from './timeline.ts';

/**
 * What the viewer wrote and the server does not have: unsent and refused messages, and drafts. It
 * survives a reload, a crash and a day offline [P18]. All tabs share it; signing out deletes it.
 *
 * It is in the local storage, because that stores before the next key is pressed, which a database
 * does not. A full storage loses nothing that is still on the page.
 */

/** A message that waits to be sent, or that the server refused. */
export interface KeptMessage {
  /** The idempotency key: tabs that send the same message store it once. */
  readonly key: string;
  readonly body: string;
  readonly replyTo: Message | undefined;
  readonly attachments: readonly Attachment[];
  readonly at: string;
  /** Why the server refused it; undefined while it waits. */
  readonly refusal: string | undefined;
}

export interface Draft {
  readonly text: string;
  readonly replyTo: Message | undefined;
  /** Uploaded files. */
  readonly attachments: readonly Attachment[];
}

const prefix = 'causerie.kept.';
const all = (viewerId: string) => `${prefix}${viewerId}.`;
const outboxOf = (viewerId: string, place: string) => `${all(viewerId)}outbox.${place}.`;
const draftOf = (viewerId: string, place: string) => `${all(viewerId)}draft.${place}`;

function store(key: string, value: unknown): void {
  try {
    localStorage.setItem(key, JSON.stringify(value));
  } catch {
    // The storage is full, or the browser has none for this page.
  }
}

function load<Value>(key: string): Value | undefined {
  const text = localStorage.getItem(key);
  return text === null ? undefined : (JSON.parse(text) as Value);
}

const keysOf = (start: string): string[] =>
  Object.keys(localStorage).filter((key) => key.startsWith(start));

const emptyDraft: Draft = { text: '', replyTo: undefined, attachments: [] };

/** The drafts and unsent messages of one conversation of the viewer. */
export function keptOf(viewerId: string, place: string) {
  const outbox = outboxOf(viewerId, place);
  const draft = draftOf(viewerId, place);
  const loadDraft = (): Draft => ({ ...emptyDraft, ...load<Partial<Draft>>(draft) });
  return {
    /** In the order in which they were written. */
    messages: (): KeptMessage[] =>
      keysOf(outbox)
        .map((key) => ({ attachments: [], ...load<Omit<KeptMessage, 'attachments'>>(key)! }))
        .toSorted((one, other) => one.at.localeCompare(other.at)),
    keep: (message: KeptMessage): void => store(outbox + message.key, message),
    forget: (key: string): void => localStorage.removeItem(outbox + key),
    /** Calls back when another tab has sent or discarded a message. */
    onForgotten(listener: (key: string) => void): void {
      addEventListener('storage', ({ key, newValue }) => {
        if (newValue === null && key?.startsWith(outbox)) listener(key.slice(outbox.length));
      });
    },
    draft: loadDraft,
    keepDraft(change: Partial<Draft>): void {
      const changed = { ...loadDraft(), ...change };
      const isEmpty = changed.text === '' && !changed.replyTo && changed.attachments.length === 0;
      if (isEmpty) localStorage.removeItem(draft);
      else store(draft, changed);
    },
  };
}

export type Kept = ReturnType<typeof keptOf>;

/** The conversations of the viewer that have unsent messages. */
export function placesWithUnsent(viewerId: string): string[] {
  const start = `${all(viewerId)}outbox.`;
  return [...new Set(keysOf(start).map((key) => key.slice(start.length, key.lastIndexOf('.'))))];
}

export function forgetAll(viewerId: string): void {
  for (const key of keysOf(all(viewerId))) localStorage.removeItem(key);
}
