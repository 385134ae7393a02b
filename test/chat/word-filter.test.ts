import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { StartError } from '../../src/errors.ts';
import { person, query, type Person } from '../support/person.ts';
import { createRoom, findRoom, guest, updateRoom } from '../support/rooms.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';

async function wordFile(content: string | Buffer): Promise<string> {
  const path = join(temporaryDirectory(), 'words.txt');
  await writeFile(path, content);
  return path;
}
const profile = (someone: Person, input: Record<string, unknown>): Promise<any> =>
  someone
    .query(
      'mutation ($input: UpdateProfileInput!) { updateProfile(input: $input) { user { username displayName } } }',
      { input },
    )
    .then(({ updateProfile }) => updateProfile.user);

describe('WORD_FILTER', () => {
  let refusing: TestNode, masking: TestNode;
  let ann: Person, bob: Person;
  beforeAll(async () => {
    const WORD_FILTER = await wordFile('# Not here\r\n\r\n  darn \r\nshut up\r\n');
    [refusing, masking] = await Promise.all([
      startNode({ settings: { WORD_FILTER } }),
      startNode({ settings: { WORD_FILTER, WORD_FILTER_MODE: 'mask' } }),
    ]);
    [ann, bob] = await Promise.all([person(refusing, 'ann'), person(masking, 'bob')]);
  });
  afterAll(() => Promise.all([refusing, masking].map((node) => node[Symbol.asyncDispose]())));

  it('[P12] refuses texts and names with a forbidden word, and quotes the word', async () => {
    const { id } = await createRoom(ann, { name: 'calm', topic: 'darned socks' });
    const attempts: [string, () => Promise<unknown>][] = [
      ['body', () => send(ann, id, 'Oh, DARN it')],
      ['name', () => createRoom(ann, { name: 'darn' })],
      ['topic', () => createRoom(ann, { name: 'x', topic: 'shut  up' })],
      ['name', () => updateRoom(ann, { roomId: id, name: 'Darn!' })],
      ['topic', () => updateRoom(ann, { roomId: id, topic: 'darn' })],
      ['username', () => person(refusing, 'the_darn')],
      ['displayName', () => guest(refusing, 'Darn')],
      ['username', () => profile(ann, { username: 'darn' })],
      ['displayName', () => profile(ann, { displayName: 'Shut Up' })],
    ];
    for (const [field, attempt] of attempts)
      await expect(attempt()).rejects.toMatchObject({
        code: 'INVALID',
        extensions: { field },
        message: expect.stringMatching(/“(darn|shut {1,2}up)”/i),
      });
    expect(await send(ann, id, 'darned # Not here')).toMatchObject({ body: 'darned # Not here' });
    expect(await findRoom(ann, { id })).toMatchObject({ name: 'calm', topic: 'darned socks' });
    await expect(findRoom(ann, { name: 'darn' })).resolves.toBeNull();
  });

  it('masks forbidden words in texts, and refuses them in names that identify', async () => {
    const { id, topic } = await createRoom(bob, { name: 'calm', topic: 'darn' });
    expect(topic).toBe('****');
    expect(await send(bob, id, 'Oh, DA\u200BRN it, @darn: shut up!')).toMatchObject({
      body: 'Oh, **** it, @****: **** **!',
    });
    expect(await updateRoom(bob, { roomId: id, topic: 'shut\nup' })).toMatchObject({
      topic: '****\n**',
    });
    expect(await profile(bob, { displayName: 'Darn' })).toMatchObject({ displayName: '****' });
    await expect(person(masking, 'darn')).rejects.toMatchObject({
      code: 'INVALID',
      extensions: { field: 'username' },
    });
    await expect(createRoom(bob, { name: 'darn' })).rejects.toMatchObject({
      code: 'INVALID',
      extensions: { field: 'name' },
    });
  });

  it('[P6] answers a repeat that is masked again with the first message', async () => {
    const { id } = await createRoom(bob, { name: 'twice' });
    const first = await send(bob, id, 'darn', { idempotencyKey: 'k' });
    expect(await send(bob, id, 'darn', { idempotencyKey: 'k' })).toEqual(first);
  });

  it('gives a user of another issuer with a forbidden name another name', async () => {
    const claims = { sub: 'darn', name: 'Darn', exp: Math.ceil(Date.now() / 1000) + 300 };
    const token = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256' })
      .sign(new TextEncoder().encode(refusing.settings.JWT_SECRET));
    const { viewer } = await query(refusing.url, '{ viewer { username displayName } }', {}, token);
    expect(viewer.username).toMatch(/^user-[0-9a-f]{8}$/);
    expect(viewer.displayName).toBe(viewer.username);
  });

  it('prevents the start if it cannot be read', async () => {
    const directory = temporaryDirectory();
    const refusal = (WORD_FILTER: string) => {
      try {
        readConfig({ WORD_FILTER, PORT: 'x' });
      } catch (error) {
        return error;
      }
      return undefined;
    };
    for (const [path, why] of [
      [join(directory, 'none'), 'ENOENT'],
      [directory, 'EISDIR'],
      [await wordFile(Buffer.from([0xff, 0xfe, 0x41])), 'not UTF-8'],
    ] as const) {
      const error = refusal(path) as Error;
      expect(error).toBeInstanceOf(StartError);
      expect(error.message).toContain('WORD_FILTER');
      expect(error.message).toContain(why);
      expect(error.message).toContain('PORT');
    }
  });
});
