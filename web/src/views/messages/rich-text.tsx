import type { ComponentChild } from 'preact';

interface RichTextProps {
  readonly body: string;
  readonly mentions: readonly { readonly id: string; readonly username: string }[];
  readonly viewerId: string;
}

/** Addresses, code between backticks, and names after an @. */
const special =
  /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)'\]])|(`[^`\n]+`)|(?<![\w@])@([a-z0-9_.-]{2,32})/gi;

/** Text, in which addresses are links and those who are mentioned stand out. It is text throughout: nothing in it is read as HTML. */
export function RichText({ body, mentions, viewerId }: RichTextProps) {
  const parts: ComponentChild[] = [];
  let last = 0;
  for (const match of body.matchAll(special)) {
    const [whole, address, code, username] = match;
    // A full stop may follow a name.
    const named = username
      ? mentions.find((user) =>
          [username, username.replace(/\.+$/, '')].some(
            (name) => name.toLowerCase() === user.username,
          ),
        )
      : undefined;
    if (username && !named) continue;
    const length = named ? named.username.length + 1 : whole.length;
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
        <span class={named!.id === viewerId ? 'mention is-me' : 'mention'}>
          {whole.slice(0, length)}
        </span>,
      );
    last = match.index + length;
  }
  parts.push(body.slice(last));
  return <>{parts}</>;
}
