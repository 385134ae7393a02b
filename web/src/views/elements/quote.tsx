import { nameOf, type Message } from '../../state/timeline.ts';

/** The message that something is asked about. */
export const Quote = ({ message }: { readonly message: Message }) => (
  <blockquote>
    <strong>{nameOf(message.author)}</strong>
    <p>{message.body ?? 'This message was deleted.'}</p>
  </blockquote>
);
