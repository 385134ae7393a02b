import type { Message } from '../../state/timeline.ts';
import { timeOf } from '../../state/times.ts';
import { t } from '../../texts/texts.ts';
import { RichText } from './rich-text.tsx';

interface SystemMessageProps {
  readonly rowKey: string;
  readonly isActive: boolean;
  readonly message: Message;
  readonly viewerId: string;
}

/** A line about the conversation, without an author and without actions. */
export const SystemMessage = ({ rowKey, isActive, message, viewerId }: SystemMessageProps) => (
  <li data-key={rowKey} tabIndex={isActive ? 0 : -1} class="row notice">
    {message.deletedAt ? (
      t('This message was deleted.')
    ) : (
      <RichText body={message.body ?? ''} mentions={message.mentions} viewerId={viewerId} />
    )}{' '}
    <time dateTime={message.createdAt}>{timeOf(message.createdAt)}</time>
  </li>
);
