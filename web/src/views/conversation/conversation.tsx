import { useEffect, useRef, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import { isLookedAt, onAttention, watched } from '../../state/attention.ts';
import { go, route, type ConversationRoute } from '../../state/route.ts';
import type { User } from '../../state/session.ts';
import type { ConversationState } from '../../state/conversation.ts';
import type { Attachment } from '../../state/files.ts';
import type { Message } from '../../state/timeline.ts';
import { attempt } from '../../state/toasts.ts';
import { Icon } from '../elements/icons.tsx';
import { Skeleton } from '../elements/skeleton.tsx';
import { lazy } from '../elements/lazy.tsx';
import type { MenuItem } from '../elements/menu.tsx';
import { picturesOf } from '../messages/attachments.tsx';
import { canCopyLinks, copyLink } from '../messages/copy-link.ts';
import { MessageList } from '../messages/message-list.tsx';
import { ConnectionLine } from '../elements/connection-line.tsx';
import { Composer } from './composer.tsx';
import { Newest } from './newest.tsx';
import { Typing } from './typing.tsx';
import { useFileDrop } from './use-file-drop.ts';
import { t } from '../../texts/texts.ts';

interface ConversationProps {
  readonly conversation: ConversationState;
  readonly viewer: User;
  readonly name: string;
  readonly conversationId: string | undefined;
  readonly limit: number;
  readonly showsRead?: boolean;
  /** The users who can be mentioned. */
  readonly candidates: readonly User[];
  /** The text that is shown before the first message. */
  readonly invitation?: string | undefined;
  /** Why the viewer cannot write; undefined if they can. */
  readonly silence?: string | undefined;
  /** Whether the viewer can delete a message of another user. */
  readonly mayDelete?: (message: Message) => boolean;
  /** Whether the viewer can pin messages here. */
  readonly mayPin?: boolean;
  /** Whether messages can be reported here. */
  readonly mayReport?: boolean;
}

const DeleteMessage = lazy(async () => (await import('./delete-message.tsx')).DeleteMessage);
const ReportMessage = lazy(async () => (await import('./report-message.tsx')).ReportMessage);
const ImageViewer = lazy(async () => (await import('../messages/image-viewer.tsx')).ImageViewer);

const never = () => false;

/** The messages of a conversation, and the field to write one. */
export function Conversation({
  conversation,
  viewer,
  name,
  conversationId,
  limit,
  showsRead = false,
  candidates,
  invitation = t('No messages yet. Say hello!'),
  silence,
  mayDelete = never,
  mayPin = false,
  mayReport = false,
}: ConversationProps) {
  const [replyTo, setReplyTo] = useState(() => conversation.kept.draft().replyTo);
  const [edited, setEdited] = useState<Message>();
  const [deleted, setDeleted] = useState<Message>();
  const [reported, setReported] = useState<Message>();
  const [shownPicture, setShownPicture] = useState<Attachment>();
  const [isAtBottom, setAtBottom] = useState(true);
  const field = useRef<HTMLTextAreaElement>(null);
  const frame = useRef<HTMLElement>(null);
  const current = route.value as ConversationRoute;
  /** The route whose message was scrolled to already. */
  const [reached, setReached] = useState<ConversationRoute>();
  const sought = current.seq === undefined || current === reached ? undefined : current;
  const newest = conversation.timeline.newestSeq.value;
  const state = conversation.timeline.state.value;

  useEffect(() => {
    conversation.open();
    // On a phone the keyboard would cover half of the messages.
    if (!sought && matchMedia('(pointer: fine)').matches) field.current?.focus();
  }, [conversation]);

  useEffect(() => {
    const update = () => {
      const isSeen = isAtBottom && !sought && isLookedAt();
      watched.value = isSeen ? conversationId : undefined;
      if (isSeen) conversation.markAsRead();
    };
    update();
    return onAttention(update);
  }, [conversation, conversationId, newest, isAtBottom, sought]);

  useEffect(() => () => void (watched.value = undefined), [conversation]);

  function reply(message: Message | undefined): void {
    setReplyTo(message);
    conversation.kept.keepDraft({ replyTo: message });
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
      ...(isMine && !silence ? [{ label: t('Edit'), act: () => edit(message) }] : []),
      ...(canCopyLinks
        ? [{ label: t('Copy link'), act: () => void copyLink({ ...current, seq: message.seq }) }]
        : []),
      ...(mayPin && !silence
        ? [{ label: message.pinnedAt ? t('Unpin') : t('Pin'), act: () => void pin(message) }]
        : []),
      ...(mayReport && !isMine && !viewer.isGuest
        ? [{ label: t('Report…'), act: () => setReported(message) }]
        : []),
      ...(isMine || mayDelete(message)
        ? [{ label: t('Delete'), isGrave: true, act: () => setDeleted(message) }]
        : []),
    ];
  }

  const pin = ({ id: messageId, pinnedAt }: Message) =>
    attempt(() =>
      pinnedAt ? causerie.unpinMessage({ messageId }) : causerie.pinMessage({ messageId }),
    );

  /** The edited text stays in the field until it is stored. */
  async function change({ id: messageId, body: before }: Message, body: string): Promise<void> {
    const isDone =
      body === before || (await attempt(() => causerie.editMessage({ messageId, body })));
    if (isDone) endEdit();
  }

  function send(body: string): void {
    if (edited) return void change(edited, body);
    const attachments = conversation.uploads.take();
    conversation.outbox.send({ body, replyTo, attachments });
    reply(undefined);
    setAtBottom(true);
  }

  const isDropping = useFileDrop(
    silence || edited ? undefined : (files) => conversation.uploads.add(files),
  );
  const isEmpty =
    state === 'loaded' && newest === 0 && conversation.outbox.pending.value.length === 0;
  return (
    <section class="conversation" ref={frame} aria-label={name}>
      <div class="conversation-main">
        {state === 'loading' && <Skeleton kind="message" rows={7} />}
        {state === 'failed' && (
          <p class="hint" role="status">
            {t('The messages could not be loaded.')}{' '}
            <button type="button" class="link" onClick={() => void conversation.timeline.load()}>
              {t('Try again')}
            </button>
          </p>
        )}
        {isEmpty && <p class="hint is-empty">{invitation}</p>}
        <p class="looking" role="status">
          {sought && <span>{t('Looking for the message…')}</span>}
        </p>
        <MessageList
          conversation={conversation}
          viewer={viewer}
          label={t('Messages in {name}', { name })}
          showsRead={showsRead}
          isAtBottom={isAtBottom}
          onBottom={setAtBottom}
          sought={sought}
          onReached={setReached}
          onShow={({ seq }) => go({ ...current, seq })}
          onReply={silence ? undefined : reply}
          onLeave={() => field.current?.focus()}
          actionsOf={itemsOf}
          onPicture={setShownPicture}
        />
      </div>
      <Newest conversation={conversation} viewer={viewer} />
      <div class="below-messages">
        {conversationId && <Typing key={conversationId} conversationId={conversationId} />}
        <ConnectionLine />
      </div>
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
          label={t('Message {name}', { name })}
          conversationId={conversationId}
          kept={conversation.kept}
          uploads={conversation.uploads}
          limit={limit}
          candidates={candidates}
          replyTo={replyTo}
          onCancelReply={() => reply(undefined)}
          onSend={send}
          onUp={() => frame.current?.querySelector<HTMLElement>('.message[tabindex="0"]')?.focus()}
        />
      )}
      {isDropping && (
        <p class="drop-here" role="status">
          <Icon name="attach" />
          {t('Drop files to attach them')}
        </p>
      )}
      {shownPicture && (
        <ImageViewer
          pictures={conversation.timeline.messages.value.flatMap(picturesOf)}
          first={shownPicture}
          onClose={() => setShownPicture(undefined)}
        />
      )}
      {reported && <ReportMessage message={reported} onClose={() => setReported(undefined)} />}
      {deleted && <DeleteMessage message={deleted} onClose={() => setDeleted(undefined)} />}
    </section>
  );
}
