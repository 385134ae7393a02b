import type { ConversationEventFieldsFragment, NotificationLevel } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { caughtUp } from './line.ts';
import { keptOf, type Kept } from './kept.ts';
import { createNotificationLevel, type NotificationLevelState } from './notification-level.ts';
import { createOutbox, type Outbox, type Sendable } from './outbox.ts';
import type { User } from './session.ts';
import { createTimeline, nameOf, type Message, type Timeline } from './timeline.ts';
import { t } from '../texts/texts.ts';
import { createUnreadCount, type Progress } from './unread-count.ts';
import { createUploads, type Uploads } from './uploads.ts';

export type ConversationEvent = ConversationEventFieldsFragment;

/** A conversation of any kind: its messages, the unsent ones, and how far each side has read. */
export interface ConversationState {
  readonly timeline: Timeline;
  readonly outbox: Outbox;
  readonly kept: Kept;
  /** The files for the next message. */
  readonly uploads: Uploads;
  readonly notificationLevel: NotificationLevelState;
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

/** Whether the viewer has silenced the conversation. */
export const isQuiet = ({ notificationLevel }: ConversationState): boolean =>
  notificationLevel.setting.value.level === 'NOTHING' &&
  notificationLevel.defaultLevel !== 'NOTHING';

interface LoadedConversation {
  readonly unreadCount: number;
  readonly viewerMember: { readonly lastReadSeq: number | null } | null;
  readonly lastMessage: { readonly seq: number } | null;
}

/** `askedAt` is the time of the request. */
export function progressOf(
  { unreadCount, viewerMember, lastMessage }: LoadedConversation,
  askedAt: number,
): Progress {
  const lastReadSeq = viewerMember?.lastReadSeq ?? 0;
  const newestSeq = lastMessage?.seq ?? lastReadSeq + unreadCount;
  const uncountedCount = newestSeq - lastReadSeq - unreadCount;
  return { newestSeq, lastReadSeq, uncountedCount, askedAt };
}

/** The conversation that an event belongs to; undefined for an event without one. */
export function conversationIdOf(event: ConversationEvent): string | undefined {
  if ('message' in event) return event.message.conversation.id;
  return 'conversation' in event ? event.conversation.id : undefined;
}

/** Whether a message counts as unread until it is deleted. */
const counts = ({ kind, importedAt }: Message): boolean => kind === 'TEXT' && !importedAt;

const departures = {
  LEFT: '{name} left',
  KICKED: '{name} was removed',
  BANNED: '{name} was banned',
} as const;

interface ConversationStateOptions extends Progress {
  /** Undefined before the first private message. */
  readonly id: () => string | undefined;
  /** Names the conversation in what is kept of it, also before it has an id. */
  readonly place: string;
  readonly viewer: User;
  readonly defaultLevel: NotificationLevel;
  readonly deliver: (message: Sendable) => Promise<Message>;
  /** Aborted at sign-out. */
  readonly ended: AbortSignal;
}

export function createConversationState({
  id,
  place,
  viewer,
  defaultLevel,
  deliver,
  ended,
  ...loaded
}: ConversationStateOptions): ConversationState {
  const timeline = createTimeline(id);
  const kept = keptOf(viewer.id, place);
  const outbox = createOutbox(deliver, timeline.put, kept);
  const uploads = createUploads(kept, ended);
  const { unread, marked, advance, messageUncounted, messagesImported, messagesExpired } =
    createUnreadCount(loaded, recount);
  const readUpTo = signal(loaded.lastReadSeq);
  const readByPeer = signal(0);

  function receive(event: ConversationEvent): void {
    switch (event.__typename) {
      case 'MessageSent': {
        const { message } = event;
        const isMine = message.author.id === viewer.id && counts(message);
        if (isMine) outbox.confirm(message);
        advance({ newestSeq: message.seq, lastReadSeq: isMine ? message.seq : 0 });
        if (!counts(message)) messageUncounted(message.seq);
        if (timeline.state.value !== 'empty') timeline.put(message);
        break;
      }
      case 'MessageDeleted':
        if (counts(event.message)) messageUncounted(event.message.seq);
        timeline.change(event.message);
        break;
      case 'MessageEdited':
      case 'PinChanged':
        timeline.change(event.message);
        break;
      case 'ReactionsChanged': {
        const { message, reaction } = event;
        timeline.change(message);
        if (reaction?.user.id === viewer.id)
          timeline.setOwnReaction(message.seq, reaction.emoji, reaction.isAdded);
        break;
      }
      case 'MessagesImported':
        messagesImported(event);
        reload();
        break;
      case 'MessagesExpired':
        messagesExpired(event.upToSeq);
        timeline.expire(event.upToSeq, event.occurredAt);
        break;
      case 'MemberJoined':
        timeline.note(t('{name} joined', { name: nameOf(event.user) }), event.occurredAt);
        break;
      case 'MemberLeft':
        timeline.note(t(departures[event.reason], { name: nameOf(event.user) }), event.occurredAt);
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

  async function recount(): Promise<Progress | undefined> {
    const conversationId = id();
    if (!conversationId) return undefined;
    const askedAt = Date.now();
    const conversation = await causerie.conversation({ id: conversationId });
    return conversation ? progressOf(conversation, askedAt) : undefined;
  }

  const readElsewhere = (upToSeq: number) => advance({ newestSeq: upToSeq, lastReadSeq: upToSeq });

  return {
    timeline,
    outbox,
    kept,
    uploads,
    notificationLevel: createNotificationLevel(defaultLevel),
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
