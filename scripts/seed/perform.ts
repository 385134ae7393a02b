import { askAt, type Ask } from './api.ts';
import { people } from './people.ts';
import { supportTalk } from './aside.ts';
import { rooms } from './rooms.ts';
import { desk, membersOf, type Line } from './week.ts';

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

interface Sent {
  readonly message: { readonly id: string };
}

/** Somebody who has signed up. */
interface Actor {
  readonly id: string;
  readonly ask: Ask;
}

export interface Performed {
  readonly password: string;
  /** When each message is to have been written, by its id. */
  readonly moments: ReadonlyMap<string, number>;
}

/** Has everybody sign up, join, talk and react, through the API at `url`. The one at the desk is to be an admin. Throws Refused where these names are taken. */
export async function perform(
  url: string,
  lines: readonly Line[],
  progress: (done: number) => void,
): Promise<Performed> {
  const actors = await signUpAll(url);
  const roomIds = await openRooms(actors);
  const moments = new Map<string, number>();
  const sent = new Map<string, string>();
  for (const [done, line] of lines.entries()) {
    progress(done);
    const id = await say(line);
    for (const { emoji, by } of line.reactions)
      await actors.get(by)!.ask(addReaction, { input: { messageId: id, emoji } });
    sent.set(line.key, id);
    moments.set(id, line.at);
  }
  for (const [customer, isResolved] of supportTalk)
    if (isResolved)
      await actors
        .get(desk)!
        .ask(resolveSupport, { input: { conversationId: await supportOf(customer) } });
  return { password, moments };

  async function say({ setting, author, body, replyTo, key }: Line): Promise<string> {
    const { ask } = actors.get(author)!;
    const said = { body, replyToId: replyTo && sent.get(replyTo), idempotencyKey: key };
    if ('between' in setting) {
      const peer = setting.between.find((username) => username !== author)!;
      return (
        await ask<{ sendPrivateMessage: Sent }>(sendPrivateMessage, {
          input: { toUserId: actors.get(peer)!.id, ...said },
        })
      ).sendPrivateMessage.message.id;
    }
    const conversationId =
      'room' in setting ? roomIds.get(setting.room) : await supportOf(setting.customer);
    return (await ask<{ sendMessage: Sent }>(sendMessage, { input: { conversationId, ...said } }))
      .sendMessage.message.id;
  }

  async function supportOf(customer: string): Promise<string> {
    return (
      await actors
        .get(customer)!
        .ask<{ mySupportConversation: { id: string } }>('{ mySupportConversation { id } }')
    ).mySupportConversation.id;
  }
}

async function signUpAll(url: string): Promise<Map<string, Actor>> {
  const ask = askAt(url);
  const actors = new Map<string, Actor>();
  for (const { username, displayName } of people) {
    const {
      signUp: { session },
    } = await ask<{ signUp: { session: { accessToken: string; user: { id: string } } } }>(signUp, {
      input: { username, displayName, password },
    });
    actors.set(username, { id: session.user.id, ask: askAt(url, session.accessToken) });
  }
  return actors;
}

/** The ids of the rooms, by their names. */
async function openRooms(actors: Map<string, Actor>): Promise<Map<string, string>> {
  const ids = new Map<string, string>();
  for (const room of rooms) {
    const [owner, ...others] = membersOf(room).map((username) => actors.get(username)!);
    const { name, topic, visibility } = room;
    const {
      createRoom: {
        room: { id },
      },
    } = await owner!.ask<{ createRoom: { room: { id: string } } }>(createRoom, {
      input: { name, topic, visibility },
    });
    if (visibility === 'PRIVATE')
      await owner!.ask(inviteToRoom, {
        input: { roomId: id, userIds: others.map((other) => other.id) },
      });
    else for (const other of others) await other.ask(joinRoom, { input: { roomId: id } });
    ids.set(name, id);
  }
  return ids;
}
