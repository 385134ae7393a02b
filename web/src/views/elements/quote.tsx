import type { Message } from '../../state/timeline.ts';
import { PersonName } from './person-name.tsx';
import { t } from '../../texts/texts.ts';

/** A message as a quote, in a dialog or a report about it. */
export const Quote = ({ message }: { readonly message: Message }) => (
  <blockquote>
    <PersonName user={message.author} />
    <p dir="auto">{message.body ?? t('This message was deleted.')}</p>
  </blockquote>
);
