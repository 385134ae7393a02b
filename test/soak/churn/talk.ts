import { request } from '../../faults/cluster/request.ts';
import type { Visit } from '../town.ts';

const send =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id seq } } }';
const react =
  'mutation ($id: ID!) { addReaction(input: { messageId: $id, emoji: "👍" }) { __typename } }';
const unreact =
  'mutation ($id: ID!) { removeReaction(input: { messageId: $id, emoji: "👍" }) { __typename } }';
const edit =
  'mutation ($id: ID!) { editMessage(input: { messageId: $id, body: "edited" }) { __typename } }';
const erase = 'mutation ($id: ID!) { deleteMessage(input: { messageId: $id }) { __typename } }';
const type =
  'mutation ($id: ID!, $isTyping: Boolean!) { setTyping(input: { conversationId: $id, isTyping: $isTyping }) { __typename } }';
const join = 'mutation ($id: ID!) { joinRoom(input: { roomId: $id }) { __typename } }';
const leave = 'mutation ($id: ID!) { leaveRoom(input: { roomId: $id }) { __typename } }';

/** Types, writes, changes what was written, and joins and leaves a room. */
export const talk: Visit = async ({ url, roomIds, openRoomIds }, user, random) => {
  const { token } = await user.sign();
  const ask = (query: string, variables: Record<string, unknown> = {}) =>
    request(url, token, query, variables);
  const roomId = random.pick(roomIds);
  await ask(type, { id: roomId, isTyping: true });
  const { sendMessage } = await ask(send, {
    input: { conversationId: roomId, body: `hello ${user.name}` },
  });
  const { id } = sendMessage.message;
  await ask(react, { id });
  await ask(unreact, { id });
  if (random.chance(0.5)) await ask(edit, { id });
  if (random.chance(0.5)) await ask(erase, { id });
  const open = random.pick(openRoomIds);
  await ask(join, { id: open });
  await ask(leave, { id: open });
};

const support = '{ mySupportConversation { id } }';

/** Asks the support desk, and reads the answer page. */
export const askSupport: Visit = async ({ url }, user) => {
  const { token } = await user.sign();
  const { mySupportConversation } = await request(url, token, support);
  await request(url, token, send, {
    input: { conversationId: mySupportConversation.id, body: 'help' },
  });
};
