import { nameOf, type Message } from '../../state/timeline.ts';
import { t } from '../../texts/texts.ts';

/** A message as a quote, in a dialog or a report about it. */
export const Quote = ({ message }: { readonly message: Message }) => (
  <blockquote>
    <strong>{nameOf(message.author)}</strong>
    <p>{message.body ?? t('This message was deleted.')}</p>
  </blockquote>
);
