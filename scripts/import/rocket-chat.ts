import { join } from 'node:path';
import { external, jsonLines, type Line } from './lines.ts';

/** As `mongoexport` writes it: extended JSON, whose dates are objects. */
type MongoDate = { readonly $date: string | number | { readonly $numberLong: string } } | string;

interface User {
  readonly _id: string;
  readonly username?: string;
  readonly name?: string;
  readonly type?: string;
}

interface Room {
  readonly _id: string;
  /** `c` for a channel, `p` for a private group, `d` for direct messages. */
  readonly t: string;
  readonly name?: string;
  readonly fname?: string;
  readonly topic?: string;
}

interface Subscription {
  readonly rid: string;
  readonly u: { readonly _id: string };
}

interface Message {
  readonly _id: string;
  readonly rid: string;
  readonly msg?: string;
  readonly ts: MongoDate;
  readonly u: { readonly _id: string; readonly username?: string; readonly name?: string };
  /** The type of a system message, such as `uj` for a user who joined. */
  readonly t?: string;
  /** The message whose thread it belongs to. */
  readonly tmid?: string;
}

/**
 * The lines of a folder with the collections of Rocket.Chat, as `mongoexport` writes them:
 * `users.json`, `rocketchat_room.json`, `rocketchat_subscription.json` and
 * `rocketchat_message.json`, the last one sorted by `ts`. Direct messages are left out.
 */
export async function* fromRocketChat(folder: string): AsyncGenerator<Line> {
  const known = new Set<string>();
  for await (const user of jsonLines<User>(join(folder, 'users.json'))) {
    known.add(user._id);
    yield {
      type: 'user',
      externalId: user._id,
      ...(user.username && { username: user.username.toLowerCase().slice(0, 32) }),
      ...(user.name && { displayName: user.name }),
      ...(user.type === 'bot' && { isBot: true }),
    };
  }
  const rooms = new Set<string>();
  for await (const room of jsonLines<Room>(join(folder, 'rocketchat_room.json'))) {
    if (room.t !== 'c' && room.t !== 'p') continue;
    rooms.add(room._id);
    const name = room.fname ?? room.name;
    yield {
      type: 'room',
      externalId: room._id,
      visibility: room.t === 'c' ? 'PUBLIC' : 'PRIVATE',
      ...(name && { name }),
      ...(room.topic && { topic: room.topic }),
    };
  }
  const subscriptions = join(folder, 'rocketchat_subscription.json');
  for await (const { rid, u } of jsonLines<Subscription>(subscriptions))
    if (rooms.has(rid) && known.has(u._id))
      yield { type: 'members', roomId: external(rid), userIds: [external(u._id)] };
  for await (const message of jsonLines<Message>(join(folder, 'rocketchat_message.json'))) {
    const { _id, rid, u, t, tmid, ts } = message;
    const body = message.msg?.trim();
    if (!rooms.has(rid) || t || !body) continue;
    if (!known.has(u._id)) {
      known.add(u._id);
      yield { type: 'user', externalId: u._id, ...(u.name && { displayName: u.name }) };
    }
    yield {
      type: 'message',
      conversationId: external(rid),
      externalId: _id,
      authorId: external(u._id),
      body,
      createdAt: timeOf(ts),
      ...(tmid && { replyToExternalId: tmid }),
    };
  }
}

function timeOf(date: MongoDate): string {
  if (typeof date === 'string') return new Date(date).toISOString();
  const { $date: at } = date;
  return new Date(typeof at === 'object' ? Number(at.$numberLong) : at).toISOString();
}
