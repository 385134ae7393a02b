import { useEffect, useRef, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { entriesOf, type Entry } from '../../state/entries.ts';
import type { ConversationRoute } from '../../state/route.ts';
import type { User } from '../../state/session.ts';
import type { ConversationState } from '../../state/conversation.ts';
import type { Attachment } from '../../state/files.ts';
import type { Message } from '../../state/timeline.ts';
import { dayNameOf, timeOf } from '../../state/times.ts';
import { attempt, showToast } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import type { MenuItem } from '../elements/menu.tsx';
import { heightOfAttachments } from './attachments.tsx';
import { MessageRow } from './message-row.tsx';
import { PendingMessage } from './pending-message.tsx';
import { StoredMessage } from './stored-message.tsx';
import { SystemMessage } from './system-message.tsx';
import { VirtualList, type ListHandle } from './virtual-list.tsx';
import { t } from '../../texts/texts.ts';

interface MessageListProps {
  readonly conversation: ConversationState;
  readonly viewer: User;
  readonly label: string;
  /** Whether to show that the other user has read a message. */
  readonly showsRead: boolean;
  readonly isAtBottom: boolean;
  readonly onBottom: (isAtBottom: boolean) => void;
  /** A route whose message the list should scroll to. */
  readonly sought: ConversationRoute | undefined;
  /** The message is in view, or does not exist. */
  readonly onReached: (route: ConversationRoute) => void;
  readonly onShow: (message: { readonly seq: number }) => void;
  readonly onReply: ((message: Message) => void) | undefined;
  /** Moves the focus back to the text field. */
  readonly onLeave: () => void;
  readonly onPicture: (picture: Attachment) => void;
  readonly actionsOf: (message: Message) => readonly MenuItem[];
}

const estimates: Readonly<Record<Entry['kind'], number>> = {
  day: 48,
  new: 32,
  notice: 32,
  message: 52,
  pending: 52,
};
const charactersInLine = 90;
const lineHeight = 22;
const highlightMs = 1600;
const noReactions: ReadonlySet<string> = new Set();

function estimate(entry: Entry): number {
  if (entry.kind !== 'message') return estimates[entry.kind];
  const { body, attachments } = entry.message;
  const lines = Math.ceil((body?.length ?? 0) / charactersInLine);
  return (entry.isFirst ? 34 : 6) + lines * lineHeight + heightOfAttachments(attachments);
}

export function MessageList({
  conversation,
  viewer,
  label,
  showsRead,
  isAtBottom,
  onBottom,
  sought,
  onReached,
  onShow,
  onReply,
  onLeave,
  onPicture,
  actionsOf,
}: MessageListProps) {
  const { timeline, outbox } = conversation;
  const list = useRef<ListHandle>(null);
  const [active, setActive] = useState<string>();
  const [highlighted, setHighlighted] = useState<string>();
  const entries = entriesOf({
    messages: timeline.messages.value,
    notices: timeline.notices.value,
    pending: outbox.pending.value,
    keyOf: outbox.keyOf,
    viewerId: viewer.id,
    readUpTo: conversation.readUpTo.value,
  });
  const rows = entries.filter(({ kind }) => kind === 'message' || kind === 'pending');
  const activeKey = rows.some(({ key }) => key === active) ? active : rows.at(-1)?.key;
  const lastOwn = timeline.messages.value.findLast(({ author }) => author.id === viewer.id);
  const isLastRead = lastOwn && (lastOwn.isRead || lastOwn.seq <= conversation.readByPeer.value);
  const receipt = isLastRead ? t('Read') : t('Sent');

  // The viewer wants to see the message that they just wrote.
  const newestPending = outbox.pending.value.at(-1)?.key;
  useEffect(() => {
    if (newestPending) list.current?.toBottom();
  }, [newestPending]);

  useEffect(() => {
    if (!sought) return;
    const controller = new AbortController();
    void attempt(() => seek(sought.seq!, controller.signal)).then(
      () => controller.signal.aborted || requestAnimationFrame(() => onReached(sought)),
    );
    return () => controller.abort();
  }, [sought]);

  async function seek(seq: number, ended: AbortSignal): Promise<void> {
    const message = await timeline.loadBackTo(seq, ended);
    if (ended.aborted || timeline.state.value === 'failed') return;
    if (!message) {
      showToast(t('This message does not exist here.'), true);
      return onLeave();
    }
    if (message.deletedAt) showToast(t('This message was deleted.'));
    const key = outbox.keyOf(message);
    list.current?.show(key);
    setHighlighted(key);
    setActive(key);
    setTimeout(() => setHighlighted(undefined), highlightMs);
    requestAnimationFrame(() => list.current?.focus(key));
  }

  async function react(
    { id: messageId, seq }: Message,
    emoji: string,
    isGiven: boolean,
  ): Promise<void> {
    const change = isGiven ? causerie.addReaction : causerie.removeReaction;
    const isDone = await attempt(() => change({ messageId, emoji }));
    if (isDone) timeline.setOwnReaction(seq, emoji, isGiven);
  }

  /** Up and Down move between messages; Escape moves to the text field. */
  function move(event: KeyboardEvent): void {
    if (event.key === 'Escape') return onLeave();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    const index = rows.findIndex(({ key }) => key === activeKey);
    const next = rows[index + step];
    if (!next) return step > 0 ? onLeave() : void timeline.loadOlder();
    setActive(next.key);
    requestAnimationFrame(() => list.current?.focus(next.key));
  }

  function render(entry: Entry) {
    const row = { key: entry.key, rowKey: entry.key, isActive: entry.key === activeKey };
    switch (entry.kind) {
      case 'day':
        return (
          <li key={entry.key} data-key={entry.key} class="row day">
            <span>{dayNameOf(entry.at)}</span>
          </li>
        );
      case 'new':
        return (
          <li key={entry.key} data-key={entry.key} class="row new">
            <span>{t('New')}</span>
          </li>
        );
      case 'notice':
        return (
          <li key={entry.key} data-key={entry.key} class="row notice">
            {entry.notice.text} <time dateTime={entry.notice.at}>{timeOf(entry.notice.at)}</time>
          </li>
        );
      case 'pending': {
        const { at, refusal } = entry.pending;
        return (
          <MessageRow
            {...row}
            isFirst={entry.isFirst}
            author={viewer}
            at={at}
            marks={refusal ? 'is-refused' : 'is-pending'}
          >
            <PendingMessage
              pending={entry.pending}
              isFirst={entry.isFirst}
              viewer={viewer}
              outbox={outbox}
            />
          </MessageRow>
        );
      }
      case 'message': {
        const { author, createdAt, mentions, deletedAt, seq } = entry.message;
        const isToMe = mentions.some(({ id }) => id === viewer.id);
        if (entry.message.kind === 'SYSTEM')
          return <SystemMessage {...row} message={entry.message} viewerId={viewer.id} />;
        return (
          <MessageRow
            {...row}
            isFirst={entry.isFirst}
            author={author}
            at={createdAt}
            marks={`${isToMe ? 'is-to-me' : ''} ${entry.key === highlighted ? 'is-shown' : ''}`}
          >
            <StoredMessage
              message={entry.message}
              isFirst={entry.isFirst}
              isActive={row.isActive}
              viewer={viewer}
              receipt={showsRead && entry.message === lastOwn ? receipt : undefined}
              onReply={onReply && !deletedAt ? () => onReply(entry.message) : undefined}
              ownReactions={timeline.ownReactions.value.get(seq) ?? noReactions}
              onReact={onReply && ((emoji, isGiven) => void react(entry.message, emoji, isGiven))}
              onShow={onShow}
              onPicture={onPicture}
              more={actionsOf(entry.message)}
            />
          </MessageRow>
        );
      }
    }
  }

  return (
    <>
      <VirtualList
        label={label}
        entries={entries}
        estimate={estimate}
        render={render}
        handle={list}
        onNearTop={() => void timeline.loadOlder()}
        onBottom={onBottom}
        onKeyDown={move}
      />
      {!isAtBottom && (
        <button
          type="button"
          class="to-bottom"
          aria-label={t('Jump to the newest messages')}
          onClick={() => list.current?.toBottom()}
        >
          <Icon name="down" />
          {conversation.unread.value > 0 && <span class="count">{conversation.unread.value}</span>}
        </button>
      )}
    </>
  );
}
