import type { ConversationEventFieldsFragment } from '@causerie/client';
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { caughtUp } from './line.ts';
import { createOutbox, type Outbox } from './outbox.ts';
import type { User } from './session.ts';
import { createTimeline, nameOf, type Message, type Timeline } from './timeline.ts';

export type ConversationEvent = ConversationEventFieldsFragment;

/** A conversation of any kind: its messages, the unsent ones, and how far each side has read. */
export interface ConversationState {
  readonly timeline: Timeline;
  readonly outbox: Outbox;
  readonly unread: ReadonlySignal<number>;
  /**
   * How far the viewer had read when the conversation was last opened. Later messages are marked as
   * new.
   */
  readonly readUpTo: ReadonlySignal<number>;
  /** How far the others have read. */
  readonly readByPeer: ReadonlySignal<number>;
  receive(event: ConversationEvent): void;
  /** Loads the messages again if they are shown, because events may have been missed. */
  reload(): void;
  advance(progress: Progress): void;
  /** The viewer has read up to this message on another device. */
  readElsewhere(upToSeq: number): void;
  open(): void;
  /** The viewer sees the newest message. */
  markAsRead(): void;
}

/**
 * The newest message, and how far the viewer has read. Both only grow, so updates can arrive in any
 * order.
 */
export interface Progress {
  /** 0 if there is no message. */
  readonly newestSeq: number;
  readonly lastReadSeq: number;
  /** The number of deleted messages between the two, if the server was asked for it. */
  readonly deletedCount?: number;
}

interface LoadedConversation {
  readonly unreadCount: number;
  readonly viewerMember: { readonly lastReadSeq: number | null } | null;
  readonly lastMessage: { readonly seq: number } | null;
}

export function progressOf({
  unreadCount,
  viewerMember,
  lastMessage,
}: LoadedConversation): Progress {
  const lastReadSeq = viewerMember?.lastReadSeq ?? 0;
  const newestSeq = lastMessage?.seq ?? lastReadSeq + unreadCount;
  return { newestSeq, lastReadSeq, deletedCount: newestSeq - lastReadSeq - unreadCount };
}

/** The conversation that an event belongs to; undefined for an event without one. */
export function conversationIdOf(event: ConversationEvent): string | undefined {
  if ('message' in event) return event.message.conversation.id;
  return 'conversation' in event ? event.conversation.id : undefined;
}

const departures = { LEFT: 'left', KICKED: 'was removed', BANNED: 'was banned' } as const;

interface ConversationStateOptions extends Progress {
  /** Undefined before the first private message. */
  readonly id: () => string | undefined;
  readonly viewer: User;
  readonly deliver: (
    body: string,
    replyToId: string | undefined,
    idempotencyKey: string,
  ) => Promise<Message>;
}

export function createConversationState({
  id,
  viewer,
  deliver,
  ...loaded
}: ConversationStateOptions): ConversationState {
  const timeline = createTimeline(id);
  const outbox = createOutbox(deliver, timeline.put);
  const newest = signal(loaded.newestSeq);
  const marked = signal(loaded.lastReadSeq);
  /** What the server has counted last, and the messages that were deleted after that. */
  const counted = signal<Progress>(loaded);
  const deletedSince = signal<ReadonlySet<number>>(new Set());
  const expired = signal(0);
  // All of them are by others, because the viewer's own messages move the read marker.
  const unread = computed(() => {
    const after = Math.max(marked.value, expired.value);
    const { lastReadSeq, deletedCount = 0 } = counted.value;
    const since = [...deletedSince.value].filter((seq) => seq > after).length;
    const deleted = since + (lastReadSeq === after ? deletedCount : 0);
    return Math.max(0, newest.value - after - deleted);
  });
  const readUpTo = signal(loaded.lastReadSeq);
  const readByPeer = signal(0);

  function receive(event: ConversationEvent): void {
    switch (event.__typename) {
      case 'MessageSent': {
        const { message } = event;
        const isMine = message.author.id === viewer.id;
        if (isMine) outbox.confirm(message);
        advance({ newestSeq: message.seq, lastReadSeq: isMine ? message.seq : 0 });
        if (timeline.state.value !== 'empty') timeline.put(message);
        break;
      }
      case 'MessageDeleted':
        if (event.message.seq > marked.value)
          deletedSince.value = new Set(deletedSince.value).add(event.message.seq);
        timeline.change(event.message);
        break;
      case 'MessageEdited':
        timeline.change(event.message);
        break;
      case 'ReactionsChanged': {
        const { message, reaction } = event;
        timeline.change(message);
        if (reaction?.user.id === viewer.id)
          timeline.setOwnReaction(message.seq, reaction.emoji, reaction.isAdded);
        break;
      }
      case 'MessagesExpired':
        expired.value = Math.max(expired.value, event.upToSeq);
        timeline.expire(event.upToSeq, event.occurredAt);
        break;
      case 'MemberJoined':
        timeline.note(`${nameOf(event.user)} joined`, event.occurredAt);
        break;
      case 'MemberLeft':
        timeline.note(`${nameOf(event.user)} ${departures[event.reason]}`, event.occurredAt);
        break;
      case 'MessagesRead':
        if (event.user.id === viewer.id) readElsewhere(event.upToSeq);
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

  function advance(progress: Progress): void {
    batch(() => {
      newest.value = Math.max(newest.value, progress.newestSeq);
      marked.value = Math.max(marked.value, progress.lastReadSeq);
      if (progress.deletedCount !== undefined) {
        counted.value = progress;
        deletedSince.value = new Set();
      }
    });
  }

  const readElsewhere = (upToSeq: number) => advance({ newestSeq: upToSeq, lastReadSeq: upToSeq });

  return {
    timeline,
    outbox,
    unread,
    readUpTo,
    readByPeer,
    receive,
    reload,
    advance,
    readElsewhere,
    open() {
      readUpTo.value = marked.value;
      if (timeline.state.value === 'empty' || timeline.state.value === 'failed')
        void timeline.load();
    },
    markAsRead() {
      const upToSeq = timeline.newestSeq.value;
      const conversationId = id();
      if (upToSeq <= marked.value || !conversationId) return;
      readElsewhere(upToSeq);
      // If this fails, the next message marks it as read.
      causerie.markRead({ conversationId, upToSeq }).catch(() => {});
    },
  };
}
