import { assign, mySupport, resolve } from '../support/desk.ts';
import { addReaction, deleteMessage, editMessage } from '../support/messages.ts';
import { inSeconds, muteMember, setMemberRole } from '../support/moderating.ts';
import { markNotificationsRead, notify } from '../support/notifications.ts';
import type { Person } from '../support/person.ts';
import { setTyping } from '../support/presence.ts';
import { sendPrivate } from '../support/private.ts';
import { joinRoom, leaveRoom, updateRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import type { World } from './actions.ts';

/**
 * The last that happens in a run, in a room that was quiet before: an event of each type whose
 * effect stays visible. So each negative control has an event to take away or to falsify.
 */
export async function coda({ users }: World, roomId: string): Promise<void> {
  const [ann, bob, cat, dan, amy] = ['ann', 'bob', 'cat', 'dan', 'amy'].map((name) =>
    users.find(({ username }) => username === name)!,
  ) as [Person, Person, Person, Person, Person];
  const edited = await send(ann, roomId, 'first');
  const deleted = await send(bob, roomId, 'second');
  // An event shows its whole message, so an edit would hide that a reaction is missing.
  const liked = await send(ann, roomId, 'third');
  await addReaction(bob, { messageId: liked.id, emoji: '👍' });
  await addReaction(cat, { messageId: liked.id, emoji: '👍' });
  await editMessage(ann, { messageId: edited.id, body: 'once' });
  await editMessage(ann, { messageId: edited.id, body: 'twice' });
  await deleteMessage(bob, { messageId: deleted.id });
  await joinRoom(dan, { roomId });
  const unread = await send(dan, roomId, 'fourth');
  const newest = await send(dan, roomId, 'fifth');
  await deleteMessage(dan, { messageId: unread.id });
  await leaveRoom(cat, { roomId });
  await muteMember(ann, { roomId, userId: bob.id, until: inSeconds(3600) });
  await setMemberRole(ann, { roomId, userId: dan.id, role: 'MODERATOR' });
  await updateRoom(ann, { roomId, topic: 'once' });
  await updateRoom(ann, { roomId, topic: 'twice' });
  const { id } = await mySupport(ann);
  await send(ann, id, 'help');
  await assign(amy, id, amy.id);
  await resolve(amy, id);
  await sendPrivate(ann, bob, 'to bob');
  await sendPrivate(ann, dan, 'to dan');
  await notify(amy, [ann.id, bob.id]);
  await markNotificationsRead(bob, { all: true });
  await ann.query(
    'mutation ($input: MarkReadInput!) { markRead(input: $input) { conversation { id } } }',
    { input: { conversationId: roomId, upToSeq: newest.seq } },
  );
  await setTyping(dan, roomId);
  await setTyping(dan, roomId, false);
}
