import { expect, it } from 'vitest';
import { muteMember, inSeconds } from '../support/moderating.ts';
import { person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, joinRoom, leaveRoom } from '../support/rooms.ts';
import { service } from '../support/service.ts';
import { followSignals, isFollowing, sendSignal, typesOf } from '../support/signals.ts';
import { startNode } from '../support/start-node.ts';

const settings = { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' };

it('[P7] a signal to a conversation reaches its members, the sender included, and is not stored', async () => {
  await using node = await startNode({ settings });
  await using ann = await person(node, 'ann');
  await using bob = await person(node, 'bob');
  const { id } = await createRoom(ann, { name: 'Quay' });
  await joinRoom(bob, { roomId: id });
  const [own, received] = [followSignals(ann, id), followSignals(bob, id)];
  for (const one of [own, received])
    await isFollowing(one, () => sendSignal(ann, { conversationId: id }));
  const data = { x: 1.5, label: 'é', deep: [{ a: null }] };
  expect(await sendSignal(ann, { conversationId: id, type: 'cursor', data })).toEqual({ ok: true });
  for (const one of [own, received]) {
    await one.until(() => typesOf(one).length === 1);
    const { sentAt, ...signal } = one.events.at(-1);
    expect(signal).toEqual({
      type: 'cursor',
      data,
      conversationId: id,
      sender: { username: 'ann' },
    });
    expect(Math.abs(Date.now() - Date.parse(sentAt))).toBeLessThan(30_000);
  }
  const { conversation } = await ann.query(
    'query ($id: ID!) { conversation(id: $id) { messages(first: 10) { edges { node { id } } } } }',
    { id },
  );
  expect(conversation.messages.edges).toEqual([]);
});

it('[P11] only members follow a conversation, and a member who leaves receives no more', async () => {
  await using node = await startNode({ settings });
  await using ann = await person(node, 'ann');
  await using bob = await person(node, 'bob');
  const { id } = await createRoom(ann, { name: 'Quay' });
  const refused = await followSignals(bob, id).until(({ ending }) => ending);
  expect(refused.ending!.error!.code).toBe('FORBIDDEN');
  const nowhere = await followSignals(bob, 'nowhere').until(({ ending }) => ending);
  expect(nowhere.ending!.error!.code).toBe('NOT_FOUND');
  await joinRoom(bob, { roomId: id });
  const received = followSignals(bob, id);
  await isFollowing(received, () => sendSignal(ann, { conversationId: id }));
  await leaveRoom(bob, { roomId: id });
  await received.until(({ ending }) => ending);
  await sendSignal(ann, { conversationId: id, type: 'late' });
  expect(typesOf(received)).toEqual([]);
});

it('users signal only where they may write, and only to users who have written to them', async () => {
  await using node = await startNode({ settings });
  await using ann = await person(node, 'ann');
  await using bob = await person(node, 'bob');
  await using root = await person(node, 'root');
  const { id } = await createRoom(ann, { name: 'Quay' });
  const refusal = (by: typeof ann, input: Record<string, unknown>) =>
    sendSignal(by, input).then(
      () => 'sent',
      ({ code }) => code,
    );
  expect(await refusal(bob, { conversationId: id })).toBe('FORBIDDEN');
  await joinRoom(bob, { roomId: id });
  await muteMember(ann, { roomId: id, userId: bob.id, until: inSeconds(60) });
  expect(await refusal(bob, { conversationId: id })).toBe('FORBIDDEN');
  // Both are members of the room, and bob has written to ann.
  await sendPrivate(bob, ann, 'hello');
  expect(await refusal(bob, { userIds: [ann.id] })).toBe('FORBIDDEN');
  expect(await refusal(ann, { userIds: [bob.id] })).toBe('sent');
  expect(await refusal(ann, { userIds: [bob.id, root.id] })).toBe('FORBIDDEN');
  expect(await refusal(ann, { userIds: [ann.id] })).toBe('sent');
  expect(await refusal(ann, { toEveryone: true })).toBe('FORBIDDEN');
  expect(await refusal(root, { userIds: [ann.id, bob.id] })).toBe('sent');
  expect(await refusal(root, { toEveryone: true })).toBe('sent');
});

it('signals without a conversation reach the user on every device, and everyone', async () => {
  await using node = await startNode({ settings });
  await using ann = await person(node, 'ann');
  await using bob = await person(node, 'bob');
  const shop = await service(node, ['notify']);
  await sendPrivate(ann, bob, 'hello');
  const [phone, laptop] = [followSignals(ann), followSignals(ann, undefined, ann.connect())];
  const others = followSignals(bob);
  for (const one of [phone, laptop, others])
    await isFollowing(one, () => sendSignal(shop, { toEveryone: true }));
  await sendSignal(bob, { userIds: [ann.id], type: 'call.ringing' });
  await sendSignal(shop, { userIds: [ann.id, 'external:nobody'], type: 'order:ready' });
  await sendSignal(shop, { toEveryone: true, type: 'maintenance' });
  for (const one of [phone, laptop]) {
    await one.until(() => typesOf(one).length === 3);
    expect(typesOf(one)).toEqual(['call.ringing', 'order:ready', 'maintenance']);
    const [ringing, ready] = one.events.filter(({ type }) => type !== 'test');
    expect([ringing.sender, ready.sender]).toEqual([{ username: 'bob' }, null]);
  }
  await others.until(() => typesOf(others).length === 1);
  expect(typesOf(others)).toEqual(['maintenance']);
});

it('backends need the scope `notify`, and every call is in the audit log', async () => {
  await using node = await startNode({ settings });
  await using ann = await person(node, 'ann');
  await using root = await person(node, 'root');
  const { id } = await createRoom(ann, { name: 'Quay', visibility: 'PRIVATE' });
  const [shop, other] = [await service(node, ['notify']), await service(node, ['users'])];
  await expect(sendSignal(other, { toEveryone: true })).rejects.toMatchObject({
    code: 'FORBIDDEN',
    message: expect.stringContaining('`notify`'),
  });
  const received = followSignals(ann, id);
  await isFollowing(received, () => sendSignal(shop, { conversationId: id }));
  await expect(sendSignal(shop, { conversationId: 'external:nowhere' })).rejects.toMatchObject({
    code: 'NOT_FOUND',
  });
  const { auditLog } = await root.query(
    '{ auditLog(last: 1) { edges { node { action service target } } } }',
  );
  expect(auditLog.edges[0].node).toEqual({ action: 'sendSignal', service: 'shop', target: id });
});

it('refuses what is not one audience, a type, and a small object', async () => {
  await using node = await startNode({ settings });
  await using ann = await person(node, 'ann');
  const ids = { conversationId: ann.id, userIds: [ann.id] };
  const wrong: Record<string, unknown>[] = [
    {},
    ids,
    { ...ids, toEveryone: true },
    { toEveryone: false },
    { userIds: [] },
    { userIds: Array.from({ length: 101 }, () => ann.id) },
    { userIds: [ann.id], type: '' },
    { userIds: [ann.id], type: 'two words' },
    { userIds: [ann.id], type: 'x'.repeat(65) },
    { userIds: [ann.id], data: { text: 'x'.repeat(8192) } },
  ];
  for (const input of wrong)
    await expect(sendSignal(ann, input), JSON.stringify(input).slice(0, 80)).rejects.toMatchObject({
      code: 'INVALID',
    });
});

it('[P13] the rate counts recipients and the size of the data', async () => {
  await using node = await startNode();
  await using ann = await person(node, 'ann');
  const large = { text: 'x'.repeat(7 * 1024) };
  let sent = 0;
  await expect(
    (async () => {
      for (; sent < 50; sent++) await sendSignal(ann, { userIds: [ann.id], data: large });
    })(),
  ).rejects.toMatchObject({ code: 'RATE_LIMITED' });
  expect(sent).toBeGreaterThanOrEqual(12);
  expect(sent).toBeLessThan(40);
});
