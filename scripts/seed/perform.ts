import { askAt, type Ask } from './api.ts';
import { bot, people } from './people.ts';
import { supportTalk } from './aside.ts';
import { rooms } from './rooms.ts';
import { desk, hasBot, membersOf, type Line } from './week.ts';

const password = 'seeded-and-not-secret';
const signUp =
  'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken user { id } } } }';
const createRoom =
  'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id } } }';
const joinRoom = 'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id } } }';
const inviteToRoom =
  'mutation ($input: InviteToRoomInput!) { inviteToRoom(input: $input) { room { id } } }';
const addReaction =
  'mutation ($input: ReactionInput!) { addReaction(input: $input) { message { id } } }';
const resolveSupport =
  'mutation ($input: ResolveSupportInput!) { resolveSupport(input: $input) { conversation { id } } }';
const sendPrivateMessage =
  'mutation ($input: SendPrivateMessageInput!) { sendPrivateMessage(input: $input) { message { id } } }';
const sendMessage =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

const upsertUsers =
  'mutation ($input: UpsertUsersInput!) { upsertUsers(input: $input) { users { id } } }';
const addMembers =
  'mutation ($input: AddMembersInput!) { addMembers(input: $input) { changedCount } }';

const mySupportConversation = '{ mySupportConversation { id } }';

interface Sent {
  readonly message: { readonly id: string };
}

/** A user who has signed up. */
interface Actor {
  readonly id: string;
  readonly ask: Ask;
}

type Actors = ReadonlyMap<string, Actor>;

export interface Performed {
  readonly password: string;
  /** The time at which each message should have been written, by the id of the message. */
  readonly moments: ReadonlyMap<string, number>;
}

/**
 * Signs up all users, creates the rooms, and sends all messages and reactions, through the API at
 * `url`. A service with the scopes users, rooms and messages acts for the bot. The user of the
 * support desk must become an admin. Throws Refused if the usernames are taken.
 */
export async function perform(
  url: string,
  serviceToken: string,
  lines: readonly Line[],
  progress: (done: number) => void,
): Promise<Performed> {
  const actors = await signUpAll(url);
  const roomIds = await createRooms(actors);
  const service = askAt(url, serviceToken);
  const botId = await createBot(service, roomIds);
  const moments = new Map<string, number>();
  const messageIds = new Map<string, string>();
  for (const [done, line] of lines.entries()) {
    progress(done);
    const id = await send(line);
    messageIds.set(line.key, id);
    moments.set(id, line.at);
    for (const { emoji, by } of line.reactions)
      await actors.get(by)!.ask(addReaction, { input: { messageId: id, emoji } });
  }
  for (const [customer, isResolved] of supportTalk) {
    if (!isResolved) continue;
    const conversationId = await supportIdOf(customer);
    await actors.get(desk)!.ask(resolveSupport, { input: { conversationId } });
  }
  return { password, moments };

  async function send({ setting, author, kind, body, replyTo, key }: Line): Promise<string> {
    if (author === bot.username) return sendByBot();
    const { ask } = actors.get(author)!;
    const content = { body, replyToId: replyTo && messageIds.get(replyTo), idempotencyKey: key };
    if ('between' in setting) {
      const peer = setting.between.find((username) => username !== author)!;
      const input = { toUserId: actors.get(peer)!.id, ...content };
      const sent = await ask<{ sendPrivateMessage: Sent }>(sendPrivateMessage, { input });
      return sent.sendPrivateMessage.message.id;
    }
    const conversationId =
      'room' in setting ? roomIds.get(setting.room) : await supportIdOf(setting.customer);
    const input = { conversationId, ...content };
    const sent = await ask<{ sendMessage: Sent }>(sendMessage, { input });
    return sent.sendMessage.message.id;

    async function sendByBot(): Promise<string> {
      const conversationId = 'room' in setting && roomIds.get(setting.room);
      const input = { conversationId, authorId: botId, kind, body, idempotencyKey: key };
      const sent = await service<{ sendMessage: Sent }>(sendMessage, { input });
      return sent.sendMessage.message.id;
    }
  }

  async function supportIdOf(customer: string): Promise<string> {
    const { ask } = actors.get(customer)!;
    const answer = await ask<{ mySupportConversation: { id: string } }>(mySupportConversation);
    return answer.mySupportConversation.id;
  }
}

interface SignedUp {
  readonly signUp: {
    readonly session: { readonly accessToken: string; readonly user: { readonly id: string } };
  };
}

async function signUpAll(url: string): Promise<Actors> {
  const ask = askAt(url);
  const actors = new Map<string, Actor>();
  for (const { username, displayName } of people) {
    const input = { username, displayName, password };
    const { session } = (await ask<SignedUp>(signUp, { input })).signUp;
    actors.set(username, { id: session.user.id, ask: askAt(url, session.accessToken) });
  }
  return actors;
}

/** Returns the ids of the rooms by name. */
async function createRooms(actors: Actors): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const room of rooms) {
    const [owner, ...others] = membersOf(room).map((username) => actors.get(username)!);
    const { name, topic, visibility } = room;
    const created = await owner!.ask<{ createRoom: { room: { id: string } } }>(createRoom, {
      input: { name, topic, visibility },
    });
    const roomId = created.createRoom.room.id;
    if (visibility === 'PRIVATE') {
      const userIds = others.map((other) => other.id);
      await owner!.ask(inviteToRoom, { input: { roomId, userIds } });
    } else {
      for (const other of others) await other.ask(joinRoom, { input: { roomId } });
    }
    ids.set(name, roomId);
  }
  return ids;
}

/** Creates the bot and adds it to its rooms. Returns its id. */
async function createBot(service: Ask, roomIds: ReadonlyMap<string, string>): Promise<string> {
  const created = await service<{ upsertUsers: { users: { id: string }[] } }>(upsertUsers, {
    input: { users: [{ ...bot, externalId: bot.username, isBot: true }] },
  });
  const botId = created.upsertUsers.users[0]!.id;
  for (const room of rooms.filter(hasBot))
    await service(addMembers, { input: { roomId: roomIds.get(room.name), userIds: [botId] } });
  return botId;
}
