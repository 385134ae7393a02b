import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { external, type Line } from './lines.ts';

interface User {
  readonly id: string;
  readonly name: string;
  readonly is_bot?: boolean;
  readonly profile?: {
    readonly real_name?: string;
    readonly display_name?: string;
    readonly image_192?: string;
  };
}

interface Channel {
  readonly id: string;
  readonly name: string;
  readonly members?: readonly string[];
  readonly purpose?: { readonly value: string };
}

interface Message {
  readonly type: string;
  readonly subtype?: string;
  readonly user?: string;
  readonly bot_id?: string;
  readonly username?: string;
  readonly text?: string;
  readonly ts: string;
  readonly thread_ts?: string;
}

/** Subtypes with a text that somebody wrote. The others, such as `channel_join`, are left out. */
const textSubtypes: readonly (string | undefined)[] = [
  undefined,
  'bot_message',
  'me_message',
  'thread_broadcast',
];

/**
 * The lines of an unpacked Slack export: `users.json`, `channels.json` and `groups.json`, and a
 * folder for each channel with a file for each day.
 */
export async function* fromSlack(folder: string): AsyncGenerator<Line> {
  const users = (await json<User[]>(join(folder, 'users.json'))) ?? [];
  const names = new Map(users.map(({ id, name }) => [id, name]));
  for (const { id, name, is_bot: isBot, profile } of users) {
    const displayName = profile?.display_name || profile?.real_name;
    yield {
      type: 'user',
      externalId: id,
      username: usernameOf(name),
      ...(displayName && { displayName }),
      ...(profile?.image_192 && { avatarUrl: profile.image_192 }),
      ...(isBot && { isBot }),
    };
  }
  const channels = await channelsIn(folder);
  for (const { channel, visibility } of channels)
    yield {
      type: 'room',
      externalId: channel.id,
      name: channel.name,
      visibility,
      ...(channel.purpose?.value && { topic: channel.purpose.value }),
    };
  for (const { channel } of channels) {
    const userIds = (channel.members ?? []).filter((id) => names.has(id)).map(external);
    for (let from = 0; from < userIds.length; from += 1000)
      yield {
        type: 'members',
        roomId: external(channel.id),
        userIds: userIds.slice(from, from + 1000),
      };
  }
  for (const { channel } of channels) yield* messagesOf(folder, channel, names);
}

async function channelsIn(folder: string) {
  const [publicOnes, privateOnes] = await Promise.all(
    ['channels.json', 'groups.json'].map((file) => json<Channel[]>(join(folder, file))),
  );
  return [
    ...(publicOnes ?? []).map((channel) => ({ channel, visibility: 'PUBLIC' as const })),
    ...(privateOnes ?? []).map((channel) => ({ channel, visibility: 'PRIVATE' as const })),
  ];
}

async function* messagesOf(
  folder: string,
  channel: Channel,
  names: Map<string, string>,
): AsyncGenerator<Line> {
  const days = await readdir(join(folder, channel.name)).catch(() => []);
  for (const day of days.filter((name) => name.endsWith('.json')).toSorted())
    for (const message of (await json<Message[]>(join(folder, channel.name, day))) ?? []) {
      const authorId = message.user ?? message.bot_id;
      const body = textOf(message.text ?? '', names).trim();
      const isText = message.type === 'message' && textSubtypes.includes(message.subtype);
      if (!authorId || !isText || body === '') continue;
      if (!names.has(authorId)) {
        names.set(authorId, message.username ?? authorId);
        yield {
          type: 'user',
          externalId: authorId,
          displayName: message.username ?? authorId,
          ...(message.bot_id && { isBot: true }),
        };
      }
      yield {
        type: 'message',
        conversationId: external(channel.id),
        externalId: idOf(channel, message.ts),
        authorId: external(authorId),
        body,
        createdAt: new Date(Number(message.ts) * 1000).toISOString(),
        ...(message.thread_ts &&
          message.thread_ts !== message.ts && {
            replyToExternalId: idOf(channel, message.thread_ts),
          }),
      };
    }
}

/** A time stamp is unique in its channel only. */
const idOf = ({ id }: Channel, ts: string): string => `${id}:${ts}`;

/** Slack's names are valid usernames, except for their length. */
const usernameOf = (name: string): string => name.slice(0, 32);

/** The text without Slack's escapes: `<@U1>`, `<#C1|name>`, `<url|label>`, `&lt;`. */
const textOf = (text: string, names: ReadonlyMap<string, string>): string =>
  text
    .replace(/<@([A-Z0-9]+)(?:\|[^>]*)?>/g, (_, id: string) => `@${names.get(id) ?? id}`)
    .replace(/<#[A-Z0-9]+\|([^>]*)>/g, '#$1')
    .replace(/<!(here|channel|everyone)(?:\|[^>]*)?>/g, '@$1')
    .replace(/<((?:https?|mailto):[^|>]+)\|([^>]+)>/g, (_, url: string, label: string) =>
      label === url || url === `mailto:${label}` ? label : `${label} (${url})`,
    )
    .replace(/<((?:https?|mailto):[^>]+)>/g, '$1')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&');

/** Undefined if there is no such file. */
async function json<Value>(path: string): Promise<Value | undefined> {
  const text = await readFile(path, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : (JSON.parse(text) as Value);
}
