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
  /** The viewer has read it this far on another device. */
  readElsewhere(upToSeq: number): void;
  open(): void;
  /** The viewer sees everything up to the newest message. */
  read(): void;
}

interface TalkOptions {
  /** Undefined while there is nothing to read yet: private messages before the first one. */
  readonly id: () => string | undefined;
  readonly viewer: User;
  readonly unread: number;
  readonly lastReadSeq: number;
  /** The newest message that `unread` may count. */
  readonly countedUpTo?: number;
  readonly deliver: (body: string, replyToId: string | undefined, idempotencyKey: string) => Promise<Message>;
}

export function createTalk({ id, viewer, unread: unreadAtFirst, lastReadSeq, countedUpTo = 0, deliver }: TalkOptions): Talk {
  const timeline = createTimeline(id);
  const outbox = createOutbox(deliver, timeline.put);
  const unread = signal(unreadAtFirst);
  const readUpTo = signal(lastReadSeq);
  const readByPeer = signal(0);
  let marked = lastReadSeq;
  let counted = countedUpTo;

  function hear(event: ConversationEvent): void {
    switch (event.__typename) {
      case 'MessageSent': {
        const { message } = event;
        const isMine = message.author.id === viewer.id;
        if (isMine) outbox.heard(message);
        if (!isMine && message.seq > Math.max(marked, counted)) unread.value++;
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
        if (event.user.id === viewer.id) readElsewhere(event.upToSeq);
        else readByPeer.value = Math.max(readByPeer.value, event.upToSeq);
        break;
      case 'CaughtUp':
        caughtUp(event.replayed);
        break;
      case 'StreamReset':
        if (timeline.state.value !== 'empty') void timeline.load();
        break;
    }
  }

  function readElsewhere(upToSeq: number): void {
    if (upToSeq <= marked) return;
    marked = upToSeq;
    if (upToSeq >= Math.max(counted, timeline.newestSeq.value)) unread.value = 0;
  }

  return {
    timeline,
    outbox,
    unread,
    readUpTo,
    readByPeer,
    hear,
    readElsewhere,
    open() {
      readUpTo.value = marked;
      if (timeline.state.value === 'empty' || timeline.state.value === 'failed') void timeline.load();
    },
    read() {
      const upToSeq = timeline.newestSeq.value;
      const conversationId = id();
      if (upToSeq <= marked || !conversationId) return;
      marked = upToSeq;
      unread.value = 0;
      // Marked again with the next message if this one is lost.
      causerie.markRead({ conversationId, upToSeq }).catch(() => {});
    },
  };
}
