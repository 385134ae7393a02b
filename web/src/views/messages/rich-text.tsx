import type { ComponentChild } from 'preact';

interface RichTextProps {
  readonly body: string;
  readonly mentions: readonly { readonly id: string; readonly username: string }[];
  readonly viewerId: string;
}

/** Links, code between backticks, and usernames after an @. */
const special =
  /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)'\]])|(`[^`\n]+`)|(?<![\w@])@([a-z0-9_.-]{2,32})/gi;

/** The text of a message, with links, code and mentions. Nothing in it is parsed as HTML. */
export function RichText({ body, mentions, viewerId }: RichTextProps) {
  const parts: ComponentChild[] = [];
  let last = 0;
  for (const match of body.matchAll(special)) {
    const [whole, address, code, username] = match;
    const mentioned = username ? mentionedUser(username, mentions) : undefined;
    if (username && !mentioned) continue;
    const length = mentioned ? mentioned.username.length + 1 : whole.length;
    parts.push(body.slice(last, match.index));
    if (address) {
      parts.push(
        <a href={address} target="_blank" rel="noopener noreferrer nofollow">
          {address}
        </a>,
      );
    } else if (code) parts.push(<code>{code.slice(1, -1)}</code>);
    else
      parts.push(
        <span class={mentioned!.id === viewerId ? 'mention is-me' : 'mention'}>
          {whole.slice(0, length)}
        </span>,
      );
    last = match.index + length;
  }
  parts.push(body.slice(last));
  return <>{parts}</>;
}

/** A username can contain dots, but a dot after it can also end the sentence. */
function mentionedUser(username: string, mentions: RichTextProps['mentions']) {
  const whole = username.toLowerCase();
  const withoutDots = whole.replace(/\.+$/, '');
  return mentions.find((user) => user.username === whole || user.username === withoutDots);
}
