import { bodyParts } from '@causerie/client/body';
import { shownPerson } from '../../state/shown-person.ts';

interface RichTextProps {
  readonly body: string;
  readonly mentions: readonly { readonly id: string; readonly username: string }[];
  readonly viewerId: string;
  readonly tabIndex?: number;
}

/** The text of a message, with links, code and mentions. Nothing in it is parsed as HTML. */
export const RichText = ({ body, mentions, viewerId, tabIndex = -1 }: RichTextProps) => (
  <>
    {bodyParts(body, mentions).map((part) => {
      if (part.type === 'link')
        return (
          <a href={part.text} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        );
      if (part.type === 'code')
        return part.isBlock ? (
          <code class="is-block">{part.text.replace(/^\n|\n$/g, '')}</code>
        ) : (
          <code>{part.text}</code>
        );
      if (part.type === 'mention')
        return (
          <button
            type="button"
            class={part.user.id === viewerId ? 'mention is-me' : 'mention'}
            tabIndex={tabIndex}
            aria-haspopup="dialog"
            onClick={() => (shownPerson.value = part.user)}
          >
            {part.text}
          </button>
        );
      return part.text;
    })}
  </>
);
