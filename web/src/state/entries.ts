import type { Pending } from './outbox.ts';
import type { Message, Notice } from './timeline.ts';

/** One row in the list of messages. */
export type Entry =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }
  /** `isFirst`: the first of several that one author wrote shortly after each other. */
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      readonly isFirst: boolean;
    }
  | {
      readonly kind: 'pending';
      readonly key: string;
      readonly pending: Pending;
      readonly isFirst: boolean;
    };

interface Parts {
  readonly messages: readonly Message[];
  readonly notices: readonly Notice[];
  readonly pending: readonly Pending[];
  readonly keyOf: (message: Message) => string;
  readonly viewerId: string;
  readonly readUpTo: number;
}

const groupingMs = 5 * 60_000;
const dayOf = (at: string): string => new Date(at).toDateString();

export function entriesOf({
  messages,
  notices,
  pending,
  keyOf,
  viewerId,
  readUpTo,
}: Parts): Entry[] {
  const entries: Entry[] = [];
  let last: { readonly authorId: string; readonly at: string } | undefined;
  let day: string | undefined;
  let isMarked = false;
  let noticesDone = 0;

  function startDay(at: string): void {
    if (dayOf(at) === day) return;
    day = dayOf(at);
    last = undefined;
    entries.push({ kind: 'day', key: `day ${day}`, at });
  }

  function addNotices(beforeSeq: number): void {
    for (; noticesDone < notices.length; noticesDone++) {
      const one = notices[noticesDone]!;
      if (one.afterSeq >= beforeSeq) return;
      startDay(one.at);
      entries.push({ kind: 'notice', key: one.key, notice: one });
      last = undefined;
    }
  }

  /** Whether this message is the first of its group. */
  function isFirstOfGroup(authorId: string, at: string, isReply: boolean): boolean {
    const isFirst =
      isReply || last?.authorId !== authorId || Date.parse(at) - Date.parse(last.at) > groupingMs;
    last = { authorId, at };
    return isFirst;
  }

  for (const message of messages) {
    addNotices(message.seq);
    startDay(message.createdAt);
    if (!isMarked && message.seq > readUpTo && message.author.id !== viewerId) {
      isMarked = true;
      last = undefined;
      if (readUpTo > 0) entries.push({ kind: 'new', key: 'new' });
    }
    entries.push({
      kind: 'message',
      key: keyOf(message),
      message,
      isFirst: isFirstOfGroup(message.author.id, message.createdAt, message.replyTo !== null),
    });
    if (message.kind === 'SYSTEM') last = undefined;
  }
  addNotices(Infinity);
  for (const one of pending) {
    startDay(one.at);
    entries.push({
      kind: 'pending',
      key: one.key,
      pending: one,
      isFirst: isFirstOfGroup(viewerId, one.at, one.replyTo !== undefined),
    });
  }
  return entries;
}
