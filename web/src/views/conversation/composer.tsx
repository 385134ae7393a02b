import { useEffect, useRef, useState } from 'preact/hooks';
import { causerie } from '../../causerie.ts';
import type { Kept } from '../../state/kept.ts';
import type { User } from '../../state/session.ts';
import { nameOf, type Message } from '../../state/timeline.ts';
import { showToast } from '../../state/toasts.ts';
import { isUploading, type Uploads } from '../../state/uploads.ts';
import { Icon } from '../elements/icons.tsx';
import { ChosenFiles } from './chosen-files.tsx';
import { Completion, matches, mentionBefore } from './completion.tsx';
import { t } from '../../texts/texts.ts';

interface ComposerProps {
  readonly label: string;
  readonly conversationId: string | undefined;
  /** Keeps the unsent text [P18]. */
  readonly kept: Kept;
  readonly uploads: Uploads;
  readonly limit: number;
  readonly candidates: readonly User[];
  readonly replyTo: Message | undefined;
  readonly onCancelReply: () => void;
  /** The message that is edited; undefined when a new one is written. */
  readonly edited: Message | undefined;
  readonly onCancelEdit: () => void;
  readonly onSend: (body: string) => void;
  /** The viewer pressed Up in an empty field. */
  readonly onUp: () => void;
  readonly field: { current: HTMLTextAreaElement | null };
}

const typingEveryMs = 3000;
/** The number of remaining characters below which they are shown. */
const nearLimit = 200;
export function Composer({
  label,
  conversationId,
  kept,
  uploads,
  limit,
  candidates,
  replyTo,
  onCancelReply,
  edited,
  onCancelEdit,
  onSend,
  onUp,
  field,
}: ComposerProps) {
  const [text, setText] = useState(edited ? (edited.body ?? '') : kept.draft().text);
  const [caret, setCaret] = useState(0);
  const [chosen, setChosen] = useState(0);
  const [isCompleting, setCompleting] = useState(true);
  const typingSentAt = useRef(0);
  const picker = useRef<HTMLInputElement>(null);
  const mention = mentionBefore(text, caret);
  const offered =
    isCompleting && mention !== undefined
      ? candidates.filter((user) => matches(user, mention)).slice(0, 6)
      : [];
  const left = limit - [...text.trim()].length;
  /** An edit does not change the files of a message. */
  const files = edited ? [] : uploads.files.value;
  const isEmpty = !text.trim() && files.length === 0;

  useEffect(() => {
    const { current } = field;
    if (!current) return;
    current.style.height = 'auto';
    current.style.height = `${current.scrollHeight}px`;
  }, [text]);

  function change(next: string): void {
    setText(next);
    if (!edited) kept.keepDraft({ text: next });
  }

  useEffect(() => {
    if (!edited) return;
    field.current?.focus();
    field.current?.setSelectionRange(text.length, text.length);
  }, []);

  function typed(): void {
    const { value, selectionStart } = field.current!;
    change(value);
    setCaret(selectionStart);
    setChosen(0);
    setCompleting(true);
    if (value.trim()) sendTyping();
  }

  function sendTyping(): void {
    const isRecent = Date.now() - typingSentAt.current < typingEveryMs;
    if (!conversationId || edited || isRecent) return;
    typingSentAt.current = Date.now();
    // If this is lost, the next one follows soon.
    causerie.setTyping({ conversationId, isTyping: true }).catch(() => {});
  }

  function send(): void {
    const body = text.trim();
    if (isEmpty || left < 0) return;
    if (files.some(isUploading))
      return showToast(t('Your files are still uploading. Send the message when they are ready.'));
    if (files.some(({ refusal }) => refusal !== undefined))
      return showToast(t('A file could not be uploaded. Remove it, or try again.'), true);
    onSend(body);
    if (edited) return;
    change('');
    typingSentAt.current = 0;
    field.current?.focus();
  }

  function submit(event: SubmitEvent): void {
    event.preventDefault();
    send();
  }

  function pasted(event: ClipboardEvent): void {
    const { files: copied, types } = event.clipboardData!;
    // Programs that copy text also offer a picture of it.
    if (edited || copied.length === 0 || types.includes('text/plain')) return;
    event.preventDefault();
    uploads.add([...copied]);
  }

  function picked(): void {
    uploads.add([...picker.current!.files!]);
    // The same file can be picked again.
    picker.current!.value = '';
    field.current?.focus();
  }

  function complete(user: User): void {
    const start = caret - mention!.length - 1;
    const before = `${text.slice(0, start)}@${user.username} `;
    change(before + text.slice(caret));
    setCaret(before.length);
    requestAnimationFrame(() => {
      field.current?.focus();
      field.current?.setSelectionRange(before.length, before.length);
    });
  }

  function pressed(event: KeyboardEvent): void {
    if (event.isComposing) return;
    if (offered.length > 0) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step) setChosen((chosen + step + offered.length) % offered.length);
      else if (event.key === 'Enter' || event.key === 'Tab') complete(offered[chosen]!);
      else if (event.key === 'Escape') setCompleting(false);
      else return;
      event.preventDefault();
    } else if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      send();
    } else if (event.key === 'Escape' && edited) onCancelEdit();
    else if (event.key === 'Escape' && replyTo) onCancelReply();
    else if (event.key === 'ArrowUp' && text === '') {
      event.preventDefault();
      onUp();
    }
  }

  return (
    <form class="composer" onSubmit={submit}>
      {replyTo && (
        <p class="replying">
          <Icon name="reply" />
          <span>
            {t('Replying to')} <strong>{nameOf(replyTo.author)}</strong>: <bdi>{replyTo.body}</bdi>
          </span>
          <button
            type="button"
            class="plain"
            aria-label={t('Cancel reply')}
            onClick={onCancelReply}
          >
            <Icon name="close" />
          </button>
        </p>
      )}
      {edited && (
        <p class="replying">
          <Icon name="edit" />
          <span>{t('Editing your message')}</span>
          <button type="button" class="plain" aria-label={t('Cancel edit')} onClick={onCancelEdit}>
            <Icon name="close" />
          </button>
        </p>
      )}
      {offered.length > 0 && <Completion users={offered} chosen={chosen} onChoose={complete} />}
      {files.length > 0 && (
        <ChosenFiles uploads={uploads} onRemoved={() => field.current?.focus()} />
      )}
      <div class="writing">
        {!edited && (
          <>
            <input ref={picker} type="file" multiple hidden onChange={picked} />
            <button
              type="button"
              class="plain"
              aria-label={t('Attach files')}
              title={t('Attach files')}
              onClick={() => picker.current!.click()}
            >
              <Icon name="attach" />
            </button>
          </>
        )}
        <textarea
          ref={field}
          dir="auto"
          rows={1}
          aria-label={label}
          placeholder={label}
          value={text}
          enterkeyhint="send"
          aria-autocomplete="list"
          aria-controls={offered.length > 0 ? 'completion' : undefined}
          aria-activedescendant={offered.length > 0 ? `completion-${chosen}` : undefined}
          onInput={typed}
          onSelect={() => setCaret(field.current!.selectionStart)}
          onKeyDown={pressed}
          onPaste={pasted}
        />
        {left < nearLimit && <span class={left < 0 ? 'left is-over' : 'left'}>{left}</span>}
        <button type="submit" class="send" aria-label={t('Send')} disabled={isEmpty || left < 0}>
          <Icon name="send" />
        </button>
      </div>
    </form>
  );
}
