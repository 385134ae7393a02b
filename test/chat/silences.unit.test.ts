import { expect, it } from 'vitest';
import { createSilences } from '../../src/chat/people/silences.ts';
import type { NodeCore } from '../../src/scope.ts';

interface Block {
  readonly blockerId: string;
  readonly blockedId: string;
}

type Watcher = (fresh: readonly { readonly event: object }[]) => void;

/** Blocks in a database whose answers come when the test says so. */
function setUp(usersMax?: number) {
  const blocks: Block[] = [];
  const answers: (() => void)[] = [];
  let watcher: Watcher;
  const findMany = ({ where }: { where: { OR: [Pick<Block, 'blockerId'>, unknown] } }) => {
    const { blockerId: userId } = where.OR[0];
    const found = blocks.filter((one) => one.blockerId === userId || one.blockedId === userId);
    return new Promise<Block[]>((resolve) => answers.push(() => resolve(found)));
  };
  const node = {
    database: { prisma: { block: { findMany } } },
    watch: (listener: Watcher) => (watcher = listener),
  } as unknown as NodeCore;
  const silences = createSilences(node, usersMax);
  function block(userId: string, blockedId: string): void {
    blocks.push({ blockerId: userId, blockedId });
    watcher([{ event: { type: 'BlockChanged', data: { userId, blockedId, isBlocked: true } } }]);
  }
  function unblock(userId: string, blockedId: string): void {
    blocks.length = 0;
    watcher([{ event: { type: 'BlockChanged', data: { userId, blockedId, isBlocked: false } } }]);
  }
  /** Events may have been missed, and these blocks are in the database. */
  function interrupt(now: readonly Block[]): void {
    blocks.splice(0, blocks.length, ...now);
    watcher([]);
  }
  return { silences, answers, block, unblock, interrupt };
}

it('[P19] knows a block that was made while the blocks were read', async () => {
  const { silences, answers, block } = setUp();
  const loading = silences.load('ann');
  block('bob', 'ann');
  answers.shift()!();
  // The first answer is older than the block, so the blocks are read again.
  await expect.poll(() => answers.length).toBe(1);
  answers.shift()!();
  await loading;
  expect(silences.isSilent('ann', 'bob')).toBe(true);
});

it('knows a block, and its end, of a user whose blocks were read', async () => {
  const { silences, answers, block, unblock } = setUp();
  const loading = silences.load('ann');
  answers.shift()!();
  await loading;
  expect(silences.isSilent('ann', 'bob')).toBe(false);
  block('ann', 'bob');
  expect(silences.isSilent('ann', 'bob')).toBe(true);
  unblock('ann', 'bob');
  answers.shift()!();
  await expect.poll(() => silences.isSilent('ann', 'bob')).toBe(false);
});

it('[P19] knows the blocks of all users again after events may have been missed', async () => {
  const { silences, answers, interrupt } = setUp();
  const users = Array.from({ length: 50 }, (_, place) => `user-${place}`);
  const loading = Promise.all(users.map((userId) => silences.load(userId)));
  for (const answer of answers.splice(0)) answer();
  await loading;
  interrupt(users.map((blockedId) => ({ blockerId: 'eve', blockedId })));
  await expect
    .poll(() => {
      for (const answer of answers.splice(0)) answer();
      return users.filter((userId) => silences.isSilent(userId, 'eve')).length;
    })
    .toBe(users.length);
});

it('[P19] withholds notices from followers whose blocks it had to forget, until it has read them again', async () => {
  const { silences, answers, interrupt } = setUp(2);
  interrupt([{ blockerId: 'eve', blockedId: 'ann' }]);
  async function load(userId: string): Promise<void> {
    const loading = silences.load(userId);
    answers.shift()!();
    await loading;
  }
  await load('ann');
  await load('bob');
  expect(silences.knownAudience()).toBeUndefined();
  expect(silences.audienceOf('eve')!('bob')).toBe(true);
  await load('cat');
  // Ann was forgotten. Nothing is shown to her, also not about users without blocks.
  const isShown = (about: string, viewerId: string) =>
    silences.audienceOf(about)?.(viewerId) ?? true;
  expect(['eve', 'dan'].map((about) => isShown(about, 'ann'))).toEqual([false, false]);
  expect(silences.knownAudience()!('ann')).toBe(false);
  expect(silences.keyOf('ann')).not.toBe('');
  expect(isShown('eve', 'cat')).toBe(true);
  // One read for all notices meanwhile.
  expect(answers).toHaveLength(1);
  answers.shift()!();
  await expect.poll(() => isShown('dan', 'ann')).toBe(true);
  expect(isShown('eve', 'ann')).toBe(false);
  expect([...silences.withBlocksAmong(['eve'])]).toEqual([['ann', new Set(['eve'])]]);
});

it('control: shows notices to followers whose blocks it knows', async () => {
  const { silences, answers, interrupt } = setUp();
  interrupt([{ blockerId: 'eve', blockedId: 'ann' }]);
  for (const userId of ['ann', 'bob', 'cat']) {
    const loading = silences.load(userId);
    answers.shift()!();
    await loading;
  }
  expect(['eve', 'dan'].map((about) => silences.audienceOf(about)!('ann'))).toEqual([false, true]);
  expect(answers).toEqual([]);
});
