import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openMeeting, type Meeting } from '../support/meeting.ts';
import {
  addReaction,
  deleteMessage,
  editMessage,
  messagesNow,
  removeReaction,
} from '../support/messages.ts';
import {
  inSeconds,
  kickMember,
  moderationLog,
  muteMember,
  reportMessage,
  reports,
  setMemberRole,
} from '../support/moderating.ts';
import { person, type Person } from '../support/person.ts';
import { createRoom, joinRoom, updateRoom } from '../support/rooms.ts';
import { postgresUrl } from '../support/servers.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

/** The first has done its work and waits for its number, when the second comes. */
describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)(
  'while another operation on the message is about to commit',
  () => {
    let node: TestNode;
    let meeting: Meeting;
    let meet: Meeting['meet'];
    let ann: Person, bob: Person, cat: Person;
    beforeAll(async () => {
      node = await startNode({ settings: { RATE_LIMITS: 'off' } });
      meeting = await openMeeting(node);
      meet = meeting.meet;
      [ann, bob, cat] = (await Promise.all(
        ['ann', 'bob', 'cat'].map((name) => person(node, name)),
      )) as [Person, Person, Person];
    });
    afterAll(async () => {
      await meeting[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    });

    let rooms = 0;
    /** Owned by ann, moderated by bob; cat wrote in it. */
    async function newMessage(): Promise<{ roomId: string; messageId: string }> {
      const { id: roomId } = await createRoom(ann, { name: `room ${++rooms}` });
      for (const someone of [bob, cat]) await joinRoom(someone, { roomId });
      await setMemberRole(ann, { roomId, userId: bob.id, role: 'MODERATOR' });
      return { roomId, messageId: (await send(cat, roomId, 'first')).id };
    }
    const eventsOf = async (roomId: string): Promise<string[]> =>
      (
        await meeting.admin.query(
          "select type from events where topic = $1 and type not like 'Member%' order by seq",
          [`conversation:${roomId}`],
        )
      ).rows.map(({ type }) => type);

    it('an edit does not restore a message that is being deleted', async () => {
      const { roomId, messageId } = await newMessage();
      expect(
        await meet(
          roomId,
          () => deleteMessage(bob, { messageId }),
          () => editMessage(cat, { messageId, body: 'back' }),
        ),
      ).toEqual(['done', 'CONFLICT']);
      expect(await messagesNow(ann, roomId)).toMatchObject([{ body: null, editedAt: null }]);
    });

    it('a deletion removes the text of a concurrent edit', async () => {
      const { roomId, messageId } = await newMessage();
      expect(
        await meet(
          roomId,
          () => editMessage(cat, { messageId, body: 'worse' }),
          () => deleteMessage(bob, { messageId }),
        ),
      ).toEqual(['done', 'done']);
      expect(await messagesNow(ann, roomId)).toMatchObject([{ body: null }]);
      expect(await eventsOf(roomId)).toEqual(['MessageSent', 'MessageEdited', 'MessageDeleted']);
    });

    it('two simultaneous deletions count as one', async () => {
      const { roomId, messageId } = await newMessage();
      expect(
        await meet(
          roomId,
          () => deleteMessage(bob, { messageId }),
          () => deleteMessage(cat, { messageId }),
        ),
      ).toEqual(['done', 'done']);
      expect(await eventsOf(roomId)).toEqual(['MessageSent', 'MessageDeleted']);
      expect((await moderationLog(ann, roomId)).edges).toHaveLength(2);
    });

    it('two concurrent edits keep the fingerprint of the first body', async () => {
      const { id: roomId } = await createRoom(ann, { name: `room ${++rooms}` });
      const { id: messageId } = await send(ann, roomId, 'first', { idempotencyKey: 'k' });
      await using other = await startNode({ settings: node.settings });
      expect(
        await meet(
          roomId,
          () => editMessage(ann, { messageId, body: 'second' }),
          () => editMessage(ann.at(other), { messageId, body: 'third' }),
        ),
      ).toEqual(['done', 'done']);
      expect(await send(ann, roomId, 'first', { idempotencyKey: 'k' })).toMatchObject({
        id: messageId,
        body: 'third',
      });
    });

    it('a message that is being deleted accepts no reaction, and loses earlier ones', async () => {
      const { roomId, messageId } = await newMessage();
      expect(
        await meet(
          roomId,
          () => deleteMessage(bob, { messageId }),
          () => addReaction(ann, { messageId, emoji: '👍' }),
        ),
      ).toEqual(['done', 'CONFLICT']);
      const later = await newMessage();
      expect(
        await meet(
          later.roomId,
          () => addReaction(ann, { messageId: later.messageId, emoji: '👍' }),
          () => deleteMessage(bob, { messageId: later.messageId }),
        ),
      ).toEqual(['done', 'done']);
      expect((await meeting.admin.query('select from reactions')).rowCount).toBe(0);
    });

    it('simultaneous reactions are all counted, once for each user and emoji, with at most 20 emoji', async () => {
      const { roomId, messageId } = await newMessage();
      const add = (someone: Person, emoji: string) => () =>
        addReaction(someone, { messageId, emoji });
      expect(await meet(roomId, add(ann, '👍'), add(bob, '👍'))).toEqual(['done', 'done']);
      expect(await meet(roomId, add(cat, '👍'), add(cat, '👍'))).toEqual(['done', 'done']);
      expect((await messagesNow(ann, roomId))[0].reactions).toMatchObject([
        { emoji: '👍', count: 3 },
      ]);
      expect(await eventsOf(roomId)).toEqual([
        'MessageSent',
        'ReactionsChanged',
        'ReactionsChanged',
        'ReactionsChanged',
      ]);
      for (let place = 0; place < 18; place++)
        await addReaction(ann, { messageId, emoji: String.fromCodePoint(0x1f600 + place) });
      expect(await meet(roomId, add(ann, '🚀'), add(bob, '🎉'))).toEqual(['done', 'CONFLICT']);
      expect(
        await meet(roomId, () => removeReaction(ann, { messageId, emoji: '🚀' }), add(bob, '🎉')),
      ).toEqual(['done', 'done']);
      expect((await messagesNow(ann, roomId))[0].reactions).toHaveLength(20);
    });

    it('[P11] a moderator who is losing the role can no longer delete', async () => {
      const { roomId, messageId } = await newMessage();
      expect(
        await meet(
          roomId,
          () => setMemberRole(ann, { roomId, userId: bob.id, role: 'MEMBER' }),
          () => deleteMessage(bob, { messageId }),
        ),
      ).toEqual(['done', 'FORBIDDEN']);
      expect(await messagesNow(ann, roomId)).toMatchObject([{ body: 'first' }]);
    });

    it('[P11] no edit or reaction is stored after its author was kicked or muted, or the room archived', async () => {
      const deeds = [
        (roomId: string) => kickMember(bob, { roomId, userId: cat.id }),
        (roomId: string) => muteMember(bob, { roomId, userId: cat.id, until: inSeconds(60) }),
        (roomId: string) => updateRoom(ann, { roomId, archived: true }),
      ];
      for (const deed of deeds)
        for (const change of [
          (messageId: string) => editMessage(cat, { messageId, body: 'last word' }),
          (messageId: string) => addReaction(cat, { messageId, emoji: '👍' }),
        ]) {
          const { roomId, messageId } = await newMessage();
          expect(
            await meet(
              roomId,
              () => deed(roomId),
              () => change(messageId),
            ),
          ).toEqual(['done', 'FORBIDDEN']);
          expect(await messagesNow(ann, roomId)).toMatchObject([{ body: 'first', reactions: [] }]);
        }
    });

    it('a report that is concurrent with a deletion precedes it or is refused, and never shows the text afterwards', async () => {
      const outcomes = new Set<string>();
      for (let round = 0; round < 12; round++) {
        const { roomId, messageId } = await newMessage();
        const reporting = reportMessage(ann, { messageId, reason: 'rude' }).then(
          () => 'done',
          ({ code }) => code,
        );
        await Promise.all([reporting, deleteMessage(cat, { messageId })]);
        outcomes.add(await reporting);
        for (const report of await reports(ann, { roomId }))
          expect(report).toMatchObject({ reason: 'rude', message: { id: messageId, body: null } });
      }
      expect(['done', 'CONFLICT']).toEqual(expect.arrayContaining([...outcomes]));
    });
  },
);
