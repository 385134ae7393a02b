import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openMemoryBus } from '../../src/cluster/bus-memory.ts';
import type { Notice } from '../../src/events/channel.ts';
import { openBroadcasts } from '../../src/live/broadcasts.ts';
import { createChannelFeed } from '../../src/live/channel-feed.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const broadcast = (key: string, text: string) => ({
  key,
  type: 'cursor',
  data: { text },
  senderId: null,
  conversationId: null,
  sentAt: 0,
});

it('[P7] keeps the latest of each key for a few seconds, and only while somebody listens', () => {
  using broadcasts = openBroadcasts(openMemoryBus());
  const texts = () => broadcasts.latest('room').map(({ data }) => data.text);
  broadcasts.publish(['room'], broadcast('a', 'before'));
  expect(texts()).toEqual([]);
  const stop = broadcasts.listen('room', () => {});
  broadcasts.publish(['room', 'other'], broadcast('a', '1'));
  broadcasts.publish(['room'], broadcast('b', '2'));
  broadcasts.publish(['room'], broadcast('a', '3'));
  expect(texts()).toEqual(['2', '3']);
  vi.advanceTimersByTime(broadcasts.lifeMs + 1);
  expect(texts()).toEqual([]);
  broadcasts.publish(['room'], broadcast('a', '4'));
  stop();
  expect(texts()).toEqual([]);
});

it('[P13] a feed forgets large notices after their time, and knows that they are gone', async () => {
  let push: (notices: readonly Notice[]) => void = () => {};
  const notice = (text: string): Notice => ({ type: 'Signal', data: broadcast('a', text) });
  const feed = createChannelFeed(
    {
      name: 'signals',
      keptMs: 5000,
      listen: (listener) => ((push = listener), () => {}),
      snapshot: () => ({ key: '', notices: () => [] }),
    },
    undefined,
  );
  const stop = feed.listen(() => {});
  push([notice('1'), notice('2')]);
  expect(await feed.read(0)).toHaveLength(2);
  vi.advanceTimersByTime(4000);
  push([notice('3')]);
  vi.advanceTimersByTime(2000);
  expect(await feed.read(0)).toBeUndefined();
  expect(await feed.read(2)).toHaveLength(1);
  vi.advanceTimersByTime(10_000);
  expect(await feed.read(2)).toBeUndefined();
  expect(await feed.read(3)).toEqual([]);
  stop();
  expect(vi.getTimerCount()).toBe(0);
});
