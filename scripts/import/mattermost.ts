import { external, jsonLines, type Line } from './lines.ts';

interface Reply {
  readonly user: string;
  readonly message: string;
  /** In ms since 1970. */
  readonly create_at: number;
}

interface Post extends Reply {
  readonly team: string;
  readonly channel: string;
  readonly replies?: readonly Reply[] | null;
}

interface Channel {
  readonly team: string;
  readonly name: string;
  readonly display_name?: string;
  /** `O` for an open channel, `P` for a private one. */
  readonly type: string;
  readonly header?: string;
}

interface User {
  readonly username: string;
  readonly nickname?: string;
  readonly first_name?: string;
  readonly last_name?: string;
  readonly teams?:
    | readonly { readonly name: string; readonly channels?: readonly { readonly name: string }[] }[]
    | null;
}

type Exported =
  | { readonly type: 'channel'; readonly channel: Channel }
  | { readonly type: 'user' | 'bot'; readonly user?: User; readonly bot?: Bot }
  | { readonly type: 'post'; readonly post: Post }
  | { readonly type: 'version' | 'team' | 'emoji' | 'direct_channel' | 'direct_post' };

interface Bot {
  readonly username: string;
  readonly display_name?: string;
}

/**
 * The lines of a bulk export of Mattermost (`mmctl export`): JSON lines in the order team, channel,
 * user, post. Direct messages are left out.
 */
export async function* fromMattermost(path: string): AsyncGenerator<Line> {
  const seen = new Map<string, number>();

  /** Posts have no id. Two by one user in the same millisecond are told apart by their order. */
  function idOf(roomId: string, { user, create_at: at }: Reply): string {
    const id = `${roomId}/${at}/${user}`;
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before === 0 ? id : `${id}/${before}`;
  }

  for await (const line of jsonLines<Exported>(path)) {
    if (line.type === 'channel') yield roomOf(line.channel);
    else if (line.type === 'user') yield* userLines(line.user!);
    else if (line.type === 'bot') yield { ...botOf(line.bot!), type: 'user' };
    else if (line.type === 'post') {
      const { post } = line;
      const roomId = roomIdOf(post.team, post.channel);
      const root = messageOf(roomId, post, idOf(roomId, post));
      if (root) yield root;
      for (const reply of post.replies ?? []) {
        const message = messageOf(roomId, reply, idOf(roomId, reply));
        if (message) yield { ...message, ...(root && { replyToExternalId: root.externalId }) };
      }
    }
  }
}

const roomIdOf = (team: string, channel: string): string => `${team}/${channel}`;

const roomOf = ({ team, name, display_name: displayName, type, header }: Channel): Line => ({
  type: 'room',
  externalId: roomIdOf(team, name),
  name: displayName || name,
  visibility: type === 'O' ? 'PUBLIC' : 'PRIVATE',
  ...(header && { topic: header }),
});

function* userLines(user: User): Generator<Line> {
  const { username, nickname, first_name: first, last_name: last } = user;
  const displayName = nickname || [first, last].filter(Boolean).join(' ');
  yield {
    type: 'user',
    externalId: username,
    username,
    ...(displayName && { displayName }),
  };
  for (const { name: team, channels } of user.teams ?? [])
    for (const { name } of channels ?? [])
      yield {
        type: 'members',
        roomId: external(roomIdOf(team, name)),
        userIds: [external(username)],
      };
}

const botOf = ({ username, display_name: displayName }: Bot) => ({
  externalId: username,
  username,
  isBot: true,
  ...(displayName && { displayName }),
});

function messageOf(roomId: string, { user, message, create_at: at }: Reply, externalId: string) {
  const body = message.trim();
  if (body === '') return undefined;
  return {
    type: 'message' as const,
    conversationId: external(roomId),
    externalId,
    authorId: external(user),
    body,
    createdAt: new Date(at).toISOString(),
  };
}
