import type { ReadonlySignal } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { isLookedAt, onAttention, watched } from '../../state/attention.ts';
import { followTyping } from '../../state/room-life.ts';
import { go, route, type Place } from '../../state/route.ts';
import type { User } from '../../state/session.ts';
import type { Talk } from '../../state/talk.ts';
import { nameOf, type Message } from '../../state/timeline.ts';
import { attempt } from '../../state/toasts.ts';
import type { MenuItem } from '../elements/menu.tsx';
import { canCopyLinks, copyLink } from '../messages/copy-link.ts';
import { MessageList } from '../messages/message-list.tsx';
import { Composer } from './composer.tsx';
import { DeleteMessage } from './delete-message.tsx';
import { ReportMessage } from './report-message.tsx';

interface ConversationProps {
  readonly talk: Talk;
  readonly viewer: User;
  readonly name: string;
  readonly conversationId: string | undefined;
  readonly limit: number;
  readonly showsRead?: boolean;
  /** Who may be mentioned. */
  readonly candidates: readonly User[];
  /** What stands where nothing was said yet. */
  readonly invitation?: string | undefined;
  /** Why nothing can be written; undefined where it can. */
  readonly silence?: string | undefined;
  /** Whether the viewer may delete what somebody else wrote. */
  readonly mayDelete?: (message: Message) => boolean;
  /** Whether somebody keeps order here, who would hear of a report. */
  readonly mayReport?: boolean;
}

const never = () => false;

/** What is said, and where one says something. */
export function Conversation({
  talk,
  viewer,
  name,
  conversationId,
  limit,
  showsRead = false,
  candidates,
  invitation = 'Nothing was said here yet. Say hello.',
  silence,
  mayDelete = never,
  mayReport = false,
}: ConversationProps) {
  const [replyTo, setReplyTo] = useState<Message>();
  const [edited, setEdited] = useState<Message>();
  const [deleted, setDeleted] = useState<Message>();
  const [reported, setReported] = useState<Message>();
  const [isAtBottom, setAtBottom] = useState(true);
  const field = useRef<HTMLTextAreaElement>(null);
  const frame = useRef<HTMLElement>(null);
  const here = route.value as Place;
  /** Where one was led to the message already. */
  const [reached, setReached] = useState<Place>();
  const sought = here.seq === undefined || here === reached ? undefined : here;
  const newest = talk.timeline.newestSeq.value;
  const state = talk.timeline.state.value;

  useEffect(() => {
    talk.open();
    // On a phone the keyboard would cover half of what one came to read.
    if (!sought && matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, [talk]);

  useEffect(() => {
    const look = () => {
      const isSeen = isAtBottom && !sought && isLookedAt();
      watched.value = isSeen ? conversationId : undefined;
      if (isSeen) talk.read();
    };
    look();
    return onAttention(look);
  }, [talk, conversationId, newest, isAtBottom, sought]);

  useEffect(() => () => void (watched.value = undefined), [talk]);

  function reply(message: Message): void {
    setReplyTo(message);
    field.current?.focus();
  }

  function edit(message: Message): void {
    setReplyTo(undefined);
    setEdited(message);
  }

  function endEdit(): void {
    setEdited(undefined);
    requestAnimationFrame(() => field.current?.focus());
  }

  function itemsOf(message: Message): readonly MenuItem[] {
    if (message.deletedAt) return [];
    const isMine = message.author.id === viewer.id;
    return [
      ...(isMine && !silence ? [{ label: 'Edit', act: () => edit(message) }] : []),
      ...(canCopyLinks
        ? [{ label: 'Copy link', act: () => void copyLink({ ...here, seq: message.seq }) }]
        : []),
      ...(mayReport && !isMine && !viewer.isGuest
        ? [{ label: 'Report…', act: () => setReported(message) }]
        : []),
      ...(isMine || mayDelete(message)
        ? [{ label: 'Delete', isGrave: true, act: () => setDeleted(message) }]
        : []),
    ];
  }

  /** What was typed stays until it is stored. */
  async function change({ id: messageId, body: before }: Message, body: string): Promise<void> {
    if (body === before || (await attempt(() => causerie.editMessage({ messageId, body }))))
      endEdit();
  }

  function send(body: string): void {
    if (edited) return void change(edited, body);
    talk.outbox.send(body, replyTo);
    setReplyTo(undefined);
    setAtBottom(true);
  }

  const isEmpty = state === 'loaded' && newest === 0 && talk.outbox.pending.value.length === 0;
  return (
    <section class="conversation" ref={frame} aria-label={name}>
      <div class="talk">
        {state === 'loading' && (
          <p class="hint" role="status">
            Loading…
          </p>
        )}
        {state === 'failed' && (
          <p class="hint" role="status">
            The messages could not be loaded.{' '}
            <button type="button" class="link" onClick={() => void talk.timeline.load()}>
              Try again
            </button>
          </p>
        )}
        {isEmpty && <p class="hint is-empty">{invitation}</p>}
        <p class="looking" role="status">
          {sought && <span>Looking for the message…</span>}
        </p>
        <MessageList
          talk={talk}
          viewer={viewer}
          label={`Messages in ${name}`}
          showsRead={showsRead}
          isAtBottom={isAtBottom}
          onBottom={setAtBottom}
          sought={sought}
          onReached={setReached}
          onShow={({ seq }) => go({ ...here, seq })}
          onReply={silence ? undefined : reply}
          onLeave={() => field.current?.focus()}
          actionsOf={itemsOf}
        />
      </div>
      <Newest talk={talk} viewer={viewer} />
      {conversationId ? (
        <Typing key={conversationId} conversationId={conversationId} />
      ) : (
        <p class="typing" />
      )}
      {silence ? (
        <p class="silence" role="status">
          {silence}
        </p>
      ) : (
        <Composer
          key={edited?.id}
          field={field}
          edited={edited}
          onCancelEdit={endEdit}
          label={`Message ${name}`}
          conversationId={conversationId}
          limit={limit}
          candidates={candidates}
          replyTo={replyTo}
          onCancelReply={() => setReplyTo(undefined)}
          onSend={send}
          onUp={() => frame.current?.querySelector<HTMLElement>('.message[tabindex="0"]')?.focus()}
        />
      )}
      {reported && <ReportMessage message={reported} onClose={() => setReported(undefined)} />}
      {deleted && <DeleteMessage message={deleted} onClose={() => setDeleted(undefined)} />}
    </section>
  );
}

/** Says what is new to those who listen, since the list comes and goes as one scrolls. */
function Newest({ talk, viewer }: { readonly talk: Talk; readonly viewer: User }) {
  const message = talk.timeline.messages.value.at(-1);
  const first = useRef(message?.seq);
  first.current ??= message?.seq;
  const isNews = message && message.author.id !== viewer.id && message.seq > first.current!;
  return (
    <p class="unseen" role="log" aria-label="New messages" aria-live="polite">
      {isNews && `${nameOf(message.author)}: ${message.body ?? ''}`}
    </p>
  );
}

function Typing({ conversationId }: { readonly conversationId: string }) {
  const [typists, setTypists] = useState<ReadonlySignal<readonly User[]>>();
  useEffect(() => {
    const controller = new AbortController();
    setTypists(followTyping(conversationId, controller.signal));
    return () => controller.abort();
  }, [conversationId]);
  const names = typists?.value.map(nameOf) ?? [];
  const text =
    names.length === 0
      ? ''
      : names.length > 3
        ? 'Several people are typing…'
        : `${new Intl.ListFormat('en').format(names)} ${names.length === 1 ? 'is' : 'are'} typing…`;
  return (
    <p class="typing" aria-live="off">
      {text && <span class="dots" aria-hidden="true" />}
      {text}
    </p>
  );
}
