import { askAt, type Ask } from './api.ts';
import { people } from './people.ts';
import { membersOf, type Line } from './week.ts';
import { rooms } from './rooms.ts';

const password = 'seeded-and-not-secret';
const signUp = 'mutation ($input: SignUpInput!) { signUp(input: $input) { session { accessToken user { id } } } }';
const createRoom = 'mutation ($input: CreateRoomInput!) { createRoom(input: $input) { room { id } } }';
const joinRoom = 'mutation ($input: JoinRoomInput!) { joinRoom(input: $input) { room { id } } }';
const inviteToRoom = 'mutation ($input: InviteToRoomInput!) { inviteToRoom(input: $input) { room { id } } }';
const sendMessage = 'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

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

/** Has everybody sign up, join and talk, through the API at `url`. Throws Refused where these names are taken. */
export async function perform(url: string, lines: readonly Line[], progress: (done: number) => void): Promise<Performed> {
  const actors = await signUpAll(url);
  const roomIds = await openRooms(actors);
  const moments = new Map<string, number>();
  const sent = new Map<string, string>();
  for (const [done, line] of lines.entries()) {
    progress(done);
    const input = { conversationId: roomIds.get(line.room), body: line.body, replyToId: line.replyTo && sent.get(line.replyTo), idempotencyKey: line.key };
    const { sendMessage: { message } } = await actors.get(line.author)!.ask<{ sendMessage: { message: { id: string } } }>(sendMessage, { input });
    sent.set(line.key, message.id);
    moments.set(message.id, line.at);
  }
  return { password, moments };
}

async function signUpAll(url: string): Promise<Map<string, Actor>> {
  const ask = askAt(url);
  const actors = new Map<string, Actor>();
  for (const { username, displayName } of people) {
    const { signUp: { session } } = await ask<{ signUp: { session: { accessToken: string; user: { id: string } } } }>(signUp, { input: { username, displayName, password } });
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
    const { createRoom: { room: { id } } } = await owner!.ask<{ createRoom: { room: { id: string } } }>(createRoom, { input: { name, topic, visibility } });
    if (visibility === 'PRIVATE') await owner!.ask(inviteToRoom, { input: { roomId: id, userIds: others.map((other) => other.id) } });
    else for (const other of others) await other.ask(joinRoom, { input: { roomId: id } });
    ids.set(name, id);
  }
  return ids;
}
