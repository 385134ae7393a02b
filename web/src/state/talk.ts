import type { ConversationEventFieldsFragment } from '@causerie/client';
import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
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
  readonly unread: ReadonlySignal<number>;
  /** How far the viewer had read when it was last opened: what follows is new to them. */
  readonly readUpTo: ReadonlySignal<number>;
  /** How far others have read. */
  readonly readByPeer: ReadonlySignal<number>;
  hear(event: ConversationEvent): void;
  /** Some of it was perhaps not heard: its messages, if they are shown, are read anew. */
  reload(): void;
  /** It was read anew how far it has come. */
  reach(standing: Standing): void;
  /** The viewer has read it this far on another device. */
  readElsewhere(upToSeq: number): void;
  open(): void;
  /** The viewer sees everything up to the newest message. */
  read(): void;
}

/** How far a conversation has come, and how far the viewer has read it. Both only grow, so that it does not matter which news of it comes first. */
export interface Standing {
  /** 0 where there is no message. */
  readonly newestSeq: number;
  readonly lastReadSeq: number;
}

interface Read {
  readonly unreadCount: number;
  readonly viewerMember: { readonly lastReadSeq: number | null } | null;
  readonly lastMessage: { readonly seq: number } | null;
}

export function standingOf({ unreadCount, viewerMember, lastMessage }: Read): Standing {
  const lastReadSeq = viewerMember?.lastReadSeq ?? 0;
  return { newestSeq: lastMessage?.seq ?? lastReadSeq + unreadCount, lastReadSeq };
}

interface TalkOptions extends Standing {
  /** Undefined while there is nothing to read yet: private messages before the first one. */
  readonly id: () => string | undefined;
  readonly viewer: User;
  readonly deliver: (
    body: string,
    replyToId: string | undefined,
    idempotencyKey: string,
  ) => Promise<Message>;
}

export function createTalk({ id, viewer, newestSeq, lastReadSeq, deliver }: TalkOptions): Talk {
  const timeline = createTimeline(id);
  const outbox = createOutbox(deliver, timeline.put);
  const newest = signal(newestSeq);
  const marked = signal(lastReadSeq);
  // All of them are by others, since one's own messages move the marker.
  const unread = computed(() => Math.max(0, newest.value - marked.value));
  const readUpTo = signal(lastReadSeq);
  const readByPeer = signal(0);

  function hear(event: ConversationEvent): void {
    switch (event.__typename) {
      case 'MessageSent': {
        const { message } = event;
        const isMine = message.author.id === viewer.id;
        if (isMine) outbox.heard(message);
        reach({ newestSeq: message.seq, lastReadSeq: isMine ? message.seq : 0 });
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
        if (reaction?.user.id === viewer.id)
          timeline.reacted(message.seq, reaction.emoji, reaction.isAdded);
        break;
      }
      case 'MessagesExpired':
        timeline.expire(event.upToSeq, event.occurredAt);
        break;
      case 'MemberJoined':
        timeline.note(`${nameOf(event.user)} joined`, event.occurredAt);
        break;
      case 'MemberLeft':
        timeline.note(
          `${nameOf(event.user)} ${{ LEFT: 'left', KICKED: 'was shown out', BANNED: 'was banned' }[event.reason]}`,
          event.occurredAt,
        );
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

  function reach(standing: Standing): void {
    batch(() => {
      newest.value = Math.max(newest.value, standing.newestSeq);
      marked.value = Math.max(marked.value, standing.lastReadSeq);
    });
  }

  const readElsewhere = (upToSeq: number) => reach({ newestSeq: upToSeq, lastReadSeq: upToSeq });

  return {
    timeline,
    outbox,
    unread,
    readUpTo,
    readByPeer,
    hear,
    reload,
    reach,
    readElsewhere,
    open() {
      readUpTo.value = marked.value;
      if (timeline.state.value === 'empty' || timeline.state.value === 'failed')
        void timeline.load();
    },
    read() {
      const upToSeq = timeline.newestSeq.value;
      const conversationId = id();
      if (upToSeq <= marked.value || !conversationId) return;
      readElsewhere(upToSeq);
      // Marked again with the next message if this one is lost.
      causerie.markRead({ conversationId, upToSeq }).catch(() => {});
    },
  };
}
