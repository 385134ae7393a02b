import type { ConversationEventFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { caughtUp } from './line.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { User } from './session.ts';
import { createTimeline, nameOf, type Message, type Timeline } from './timeline.ts';

export type ConversationEvent = ConversationEventFieldsFragment;

/** A conversation of any kind, as somebody takes part in it. */
export interface Talk {
  readonly timeline: Timeline;
  readonly outbox: Outbox;
  readonly unread: Signal<number>;
  /** How far the viewer had read when it was last opened: what follows is new to them. */
  readonly readUpTo: ReadonlySignal<number>;
  /** How far others have read. */
  readonly readByPeer: ReadonlySignal<number>;
  hear(event: ConversationEvent): void;
  /** Some of it was perhaps not heard: its messages, if they are shown, are read anew. */
  reload(): void;
  recount(count: Count): void;
  /** The viewer has read it this far on another device. */
  readElsewhere(upToSeq: number): void;
  open(): void;
  /** The viewer sees everything up to the newest message. */
  read(): void;
}

/** What the server counts. */
export interface Count {
  readonly unread: number;
  readonly lastReadSeq: number;
  /** The newest message that there was; 0 where it is not known. */
  readonly countedUpTo: number;
}

interface Counted {
  readonly unreadCount: number;
  readonly viewerMember: { readonly lastReadSeq: number } | null;
  readonly lastMessage: { readonly seq: number } | null;
}

export const countOf = ({ unreadCount, viewerMember, lastMessage }: Counted): Count => ({ unread: unreadCount, lastReadSeq: viewerMember?.lastReadSeq ?? 0, countedUpTo: lastMessage?.seq ?? 0 });

interface TalkOptions extends Count {
  /** Undefined while there is nothing to read yet: private messages before the first one. */
  readonly id: () => string | undefined;
  readonly viewer: User;
  readonly deliver: (body: string, replyToId: string | undefined, idempotencyKey: string) => Promise<Message>;
}

export function createTalk({ id, viewer, unread: unreadAtFirst, lastReadSeq, countedUpTo, deliver }: TalkOptions): Talk {
  const timeline = createTimeline(id);
  const outbox = createOutbox(deliver, timeline.put);
  const unread = signal(unreadAtFirst);
  const readUpTo = signal(lastReadSeq);
  const readByPeer = signal(0);
  let marked = lastReadSeq;
  let counted = countedUpTo;
  /** The numbers of those that were heard, and are counted in `unread`. */
  let news: number[] = [];

  function hear(event: ConversationEvent): void {
    switch (event.__typename) {
      case 'MessageSent': {
        const { message } = event;
        const isMine = message.author.id === viewer.id;
        if (isMine) {
          outbox.heard(message);
          mark(message.seq);
        } else if (message.seq > Math.max(marked, counted)) {
          news.push(message.seq);
          unread.value++;
        }
        counted = Math.max(counted, message.seq);
        if (timeline.state.value !== 'empty') timeline.put(message);
        break;
      }
      case 'MessageEdited':
      case 'MessageDeleted':
        timeline.change(event.message);
        break;
      case 'ReactionsChanged': {
        const { message, reaction } = event;
        timeline.change(message);
        if (reaction?.user.id === viewer.id) timeline.reacted(message.seq, reaction.emoji, reaction.isAdded);
        break;
      }
      case 'MessagesExpired':
        timeline.expire(event.upToSeq, event.occurredAt);
        break;
      case 'MemberJoined':
        timeline.note(`${nameOf(event.user)} joined`, event.occurredAt);
        break;
      case 'MemberLeft':
        timeline.note(`${nameOf(event.user)} ${{ LEFT: 'left', KICKED: 'was shown out', BANNED: 'was banned' }[event.reason]}`, event.occurredAt);
        break;
      case 'MessagesRead':
        if (event.user.id === viewer.id) mark(event.upToSeq);
        else readByPeer.value = Math.max(readByPeer.value, event.upToSeq);
        break;
      case 'CaughtUp':
        caughtUp(event.replayed);
        break;
      case 'StreamReset':
        reload();
        break;
    }
  }

  function reload(): void {
    if (timeline.state.value !== 'empty') void timeline.load();
  }

  /** What follows is by others, since one's own messages move the marker. */
  function mark(upToSeq: number): void {
    if (upToSeq <= marked) return;
    marked = upToSeq;
    news = news.filter((seq) => seq > upToSeq);
    unread.value = Math.max(0, Math.max(counted, timeline.newestSeq.value) - upToSeq);
  }

  return {
    timeline,
    outbox,
    unread,
    readUpTo,
    readByPeer,
    hear,
    reload,
    recount(count) {
      // What was read here a moment ago is perhaps not known there.
      if (marked > count.lastReadSeq) return;
      marked = count.lastReadSeq;
      news = news.filter((seq) => seq > count.countedUpTo);
      counted = Math.max(counted, count.countedUpTo);
      unread.value = count.unread + news.length;
    },
    readElsewhere: mark,
    open() {
      readUpTo.value = marked;
      if (timeline.state.value === 'empty' || timeline.state.value === 'failed') void timeline.load();
    },
    read() {
      const upToSeq = timeline.newestSeq.value;
      const conversationId = id();
      if (upToSeq <= marked || !conversationId) return;
      mark(upToSeq);
      // Marked again with the next message if this one is lost.
      causerie.markRead({ conversationId, upToSeq }).catch(() => {});
    },
  };
}
