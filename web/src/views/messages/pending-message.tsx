import type { Outbox, Pending } from '../../state/outbox.ts';
import type { User } from '../../state/session.ts';
import { nameOf } from '../../state/timeline.ts';
import { hueOf } from '../elements/hue.ts';
import { Attachments } from './attachments.tsx';
import { Author } from './message-row.tsx';
import { t } from '../../texts/texts.ts';

interface PendingMessageProps {
  readonly pending: Pending;
  readonly isFirst: boolean;
  readonly viewer: User;
  readonly outbox: Outbox;
}

/** A message that is not stored yet: it is being sent, or was refused. */
export function PendingMessage({
  pending: { key, body, at, replyTo, attachments, refusal },
  isFirst,
  viewer,
  outbox,
}: PendingMessageProps) {
  return (
    <div class="said">
      <Author author={viewer} isFirst={isFirst} isActive={false} at={at}>
        {!refusal && <span class="unseen">{t('sending…')}</span>}
      </Author>
      {replyTo && (
        <p class={`quote hue-${hueOf(replyTo.author.id)}`}>
          <strong>{nameOf(replyTo.author)}</strong>{' '}
          <span dir="auto">{replyTo.body ?? t('deleted')}</span>
        </p>
      )}
      {body && (
        <p class="body" dir="auto">
          {body}
        </p>
      )}
      {attachments.length > 0 && <Attachments attachments={attachments} tabIndex={-1} />}
      {refusal && (
        <p class="refused" role="alert">
          <span>
            {t('Not sent.')} {refusal}
          </span>
          <button type="button" class="link" onClick={() => outbox.retry(key)}>
            {t('Try again')}
          </button>
          <button type="button" class="link" onClick={() => outbox.discard(key)}>
            {t('Discard')}
          </button>
        </p>
      )}
    </div>
  );
}
