import type { Pending } from './outbox.ts';
import type { Message, Notice } from './timeline.ts';

/** What a conversation shows, one below the other. */
export type Entry =
  | { readonly kind: 'day'; readonly key: string; readonly at: string }
  | { readonly kind: 'new'; readonly key: string }
  | { readonly kind: 'notice'; readonly key: string; readonly notice: Notice }
  /** `isFirst`: of those that one author wrote shortly after each other. */
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

const together = 5 * 60_000;
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
  let noticed = 0;

  function startDay(at: string): void {
    if (dayOf(at) === day) return;
    day = dayOf(at);
    last = undefined;
    entries.push({ kind: 'day', key: `day ${day}`, at });
  }

  function notice(upTo: number): void {
    for (; noticed < notices.length && notices[noticed]!.afterSeq < upTo; noticed++) {
      const one = notices[noticed]!;
      startDay(one.at);
      entries.push({ kind: 'notice', key: one.key, notice: one });
      last = undefined;
    }
  }

  /** Whether it begins a group. */
  function follows(authorId: string, at: string, isReply: boolean): boolean {
    const isFirst =
      isReply || last?.authorId !== authorId || Date.parse(at) - Date.parse(last.at) > together;
    last = { authorId, at };
    return isFirst;
  }

  for (const message of messages) {
    notice(message.seq);
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
      isFirst: follows(message.author.id, message.createdAt, message.replyTo !== null),
    });
  }
  notice(Infinity);
  for (const one of pending) {
    startDay(one.at);
    entries.push({
      kind: 'pending',
      key: one.key,
      pending: one,
      isFirst: follows(viewerId, one.at, one.replyTo !== undefined),
    });
  }
  return entries;
}
