import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startGatedNode, type GatedNode } from '../support/gate.ts';
import { editMessage, messagesNow } from '../support/messages.ts';
import { person, type Person } from '../support/person.ts';
import { startReceiver, type ReceiverAnswer } from '../support/receiver.ts';
import { createRoom, joinRoom } from '../support/rooms.ts';
import { send } from '../support/send-and-follow.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { metric } from '../support/unread.ts';

const answer = (decision: unknown, status = 200): ReceiverAnswer => ({
  status,
  body: typeof decision === 'string' ? decision : JSON.stringify(decision),
});
const allow = { action: 'allow' };
const refusal = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'done',
    ({ code }) => code,
  );
const patience = { timeout: 15_000 };
const failed = ({ url }: TestNode) =>
  metric(url, 'causerie_gate_decisions_total{outcome="failed"}');
const readiness = async ({ url }: TestNode): Promise<any> =>
  (await fetch(new URL('/health/ready', url))).json();

/** Answers that decide nothing. */
const failures: { readonly [name: string]: ReceiverAnswer | 'hang-up' | 'silence' } = {
  'an error': answer(allow, 500),
  'a status that is not 200': answer(allow, 404),
  'no content': { status: 204 },
  'no JSON': answer('allow'),
  'another action': answer({ action: 'maybe' }),
  'another form': answer([allow]),
  'a body that is no text': answer({ action: 'rewrite', body: 7 }),
  'metadata that are no object': answer({ action: 'rewrite', metadata: [1] }),
  'a body that is too long': answer({ action: 'rewrite', body: 'x'.repeat(4001) }),
  'a body without anything visible': answer({ action: 'rewrite', body: '\u200b' }),
  'a body with control characters': answer({ action: 'rewrite', body: '\u0007' }),
  'metadata that are too large': answer({
    action: 'rewrite',
    metadata: { a: 'x'.repeat(9000) },
  }),
  'more than 64 KiB': answer({ ...allow, more: 'x'.repeat(70_000) }),
  'a closed connection': 'hang-up',
  'no answer in time': 'silence',
};

const both = ['refuse', 'allow'] as const;

describe.for(both)('if the gate does not decide, with MESSAGE_GATE_ON_FAILURE=%s', (onFailure) => {
  const lines: string[] = [];
  let gated: GatedNode;
  let ann: Person;
  let roomId: string;
  beforeAll(async () => {
    gated = await startGatedNode({
      onFailure,
      settings: { MESSAGE_GATE_TIMEOUT_MS: '500' },
      log: pino({}, { write: (line) => void lines.push(line) }),
    });
    ann = await person(gated.node, 'ann');
    roomId = (await createRoom(ann, { name: 'room' })).id;
  });
  afterAll(async () => {
    await ann[Symbol.asyncDispose]();
    await gated[Symbol.asyncDispose]();
  });
  const expected = onFailure === 'refuse' ? 'UNAVAILABLE' : 'done';
  const stored = async () => (await messagesNow(ann, roomId)).map(({ body }) => body);

  it.for(Object.keys(failures))('it counts as a failure: %s', async (name) => {
    const decision = failures[name]!;
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    gated.receiver.answerWith(async () => {
      if (decision === 'silence') await held;
      return decision === 'silence' ? answer(allow) : decision;
    });
    const before = await failed(gated.node);
    expect(await refusal(send(ann, roomId, `during ${name}`))).toBe(expected);
    expect((await stored()).includes(`during ${name}`)).toBe(onFailure === 'allow');
    expect(await failed(gated.node)).toBe(before + 1);
    release();
    gated.receiver.answerWith(() => answer(allow));
    expect(await refusal(send(ann, roomId, `after ${name}`))).toBe('done');
    expect(await failed(gated.node)).toBe(before + 1);
  });

  it('edits are treated like messages', async () => {
    gated.receiver.answerWith(() => answer(allow));
    const { id: messageId } = await send(ann, roomId, 'before');
    gated.receiver.answerWith(() => 500);
    expect(await refusal(editMessage(ann, { messageId, body: 'after' }))).toBe(expected);
    expect((await stored()).includes('after')).toBe(onFailure === 'allow');
  });

  it('redirects are not followed', async () => {
    await using elsewhere = await startReceiver();
    gated.receiver.answerWith(() => ({ status: 307, headers: { location: elsewhere.url } }));
    expect(await refusal(send(ann, roomId, 'redirected'))).toBe(expected);
    expect(elsewhere.count).toBe(0);
  });

  it('it is logged without messages and secrets', async () => {
    gated.receiver.answerWith(() =>
      answer({ action: 'rewrite', body: `${'secret '.repeat(900)}` }),
    );
    await refusal(send(ann, roomId, 'private words'));
    const logged = lines.filter((line) => line.includes('the message gate did not decide'));
    expect(logged.length).toBeGreaterThan(0);
    expect(lines.join('')).not.toMatch(/private words|secret secret|whsec_/);
  });
});

it('without MESSAGE_GATE_URL, nothing is asked', async () => {
  await using node = await startNode();
  await using ann = await person(node, 'ann');
  await send(ann, (await createRoom(ann, { name: 'room' })).id, 'hello');
  expect(await readiness(node)).not.toHaveProperty('messageGate');
  const metrics = await (await fetch(new URL('/metrics', node.url))).text();
  expect(metrics).not.toMatch(/causerie_gate_decisions_total\{/);
  expect(metrics).not.toMatch(/causerie_turns_waiting\{for="gate"\}/);
});

describe('a gate that is away', () => {
  it('is not asked for a while, is reported by /health/ready, and is then asked again', async () => {
    await using gated = await startGatedNode({ limits: { gatePauseMs: 1000 } });
    const { node, receiver } = gated;
    await using ann = await person(node, 'ann');
    await using bob = await person(node, 'bob');
    const { id: roomId } = await createRoom(ann, { name: 'room' });
    await joinRoom(bob, { roomId });
    expect(await readiness(node)).toMatchObject({ status: 'ok', messageGate: 'ok' });
    receiver.answerWith(() => 503);
    for (const someone of [ann, bob, ann, bob, ann])
      expect(await refusal(send(someone, roomId, 'x'))).toBe('UNAVAILABLE');
    // The last request is a probe.
    await expect.poll(() => receiver.count, patience).toBe(6);
    expect(await readiness(node)).toMatchObject({ status: 'degraded', messageGate: 'away' });
    expect(await metric(node.url, 'causerie_gate_away')).toBe(1);
    receiver.answerWith(() => answer(allow));
    expect(await refusal(send(bob, roomId, 'y'))).toBe('UNAVAILABLE');
    await expect.poll(() => refusal(send(bob, roomId, 'z')), patience).toBe('done');
    expect(await refusal(send(ann, roomId, 'z'))).toBe('done');
    expect(await readiness(node)).toMatchObject({ status: 'ok', messageGate: 'ok' });
    expect(await metric(node.url, 'causerie_gate_away')).toBe(0);
  });

  it('[P13] is still asked if several users send what it does not handle', async () => {
    await using gated = await startGatedNode();
    const { node, receiver } = gated;
    const people = await Promise.all(['ann', 'bob', 'cat'].map((name) => person(node, name)));
    const [ann, ...mallories] = people as [Person, ...Person[]];
    const { id: roomId } = await createRoom(ann, { name: 'room' });
    for (const mallory of mallories) await joinRoom(mallory, { roomId });
    const probes: string[] = [];
    receiver.answerWith(({ text, body }) => {
      if (body.type === 'Probe') probes.push(text);
      return text.includes('poison') ? 500 : answer(allow);
    });
    for (let count = 0; count < 5; count++)
      for (const mallory of mallories)
        expect(await refusal(send(mallory, roomId, 'poison'))).toBe('UNAVAILABLE');
    await expect.poll(() => probes.length, patience).toBe(2);
    expect(JSON.parse(probes[0]!).data.message).toMatchObject({
      body: 'probe',
      author: { username: 'probe' },
      conversation: { type: 'Room' },
    });
    expect(await readiness(node)).toMatchObject({ messageGate: 'ok' });
    expect(await refusal(send(ann, roomId, 'hello'))).toBe('done');
    for (const someone of people) await someone[Symbol.asyncDispose]();
  });

  it('control: is not asked if it does not answer the probe either', async () => {
    await using gated = await startGatedNode();
    const { node, receiver } = gated;
    await using mallory = await person(node, 'mallory');
    const { id: roomId } = await createRoom(mallory, { name: 'room' });
    receiver.answerWith(({ text }) => (/poison|Probe/.test(text) ? 500 : answer(allow)));
    for (let count = 0; count < 5; count++) await refusal(send(mallory, roomId, 'poison'));
    await expect.poll(async () => (await readiness(node)).messageGate, patience).toBe('away');
  });
});

describe('[P13] a slow answer', () => {
  /** Whether bob's message is stored within this time, while ann's waits for the gate. */
  async function bobPasses(withinMs: number, gateQuestions?: number): Promise<boolean> {
    await using gated = await startGatedNode(gateQuestions ? { limits: { gateQuestions } } : {});
    await using ann = await person(gated.node, 'ann');
    await using bob = await person(gated.node, 'bob');
    const { id: roomId } = await createRoom(ann, { name: 'room' });
    await joinRoom(bob, { roomId });
    const release = gated.holdMessagesOf('ann');
    const ofAnn = ['1', '2', '3'].map((body) => send(ann, roomId, body));
    await expect.poll(() => gated.questions.length, patience).toBe(1);
    const ofBob = send(bob, roomId, 'of bob').then(() => true);
    const passes = await Promise.race([
      ofBob,
      new Promise<false>((resolve) => setTimeout(resolve, withinMs, false)),
    ]);
    const others = gated.questions.filter(({ body }) => body.data.message.author.id === ann.id);
    expect(others).toHaveLength(1);
    release();
    await Promise.all([ofBob, ...ofAnn]);
    return passes;
  }

  it('does not delay other senders', async () => {
    expect(await bobPasses(8000)).toBe(true);
  });

  it('control: delays them if there is room for one question only', async () => {
    expect(await bobPasses(1000, 1)).toBe(false);
  });

  it('lets a bounded number of messages wait', async () => {
    await using gated = await startGatedNode({ limits: { gateQuestions: 1, gateWaiting: 1 } });
    const people = await Promise.all(['ann', 'bob', 'cat'].map((name) => person(gated.node, name)));
    const [ann, bob, cat] = people as [Person, Person, Person];
    const { id: roomId } = await createRoom(ann, { name: 'room' });
    for (const someone of [bob, cat]) await joinRoom(someone, { roomId });
    let release = () => {};
    const held = new Promise<void>((resolve) => (release = resolve));
    gated.decideWith(async () => {
      await held;
      return { action: 'allow' };
    });
    const accepted = [send(ann, roomId, '1')];
    await expect.poll(() => gated.questions.length, patience).toBe(1);
    accepted.push(send(bob, roomId, '1'));
    const waiting = () => metric(gated.node.url, 'causerie_turns_waiting{for="gate"}');
    await expect.poll(waiting, patience).toBe(1);
    expect(await refusal(send(cat, roomId, '1'))).toBe('UNAVAILABLE');
    release();
    await Promise.all(accepted);
    for (const someone of people) await someone[Symbol.asyncDispose]();
  });
});
