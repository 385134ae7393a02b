import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { logLines } from '../support/log-lines.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('logs the same warning ten times a minute, then how many were left out, and again in the next minute', () => {
  const { log, lines } = logLines();
  for (let count = 1; count <= 25; count++) log.warn({ count }, 'Redis is silent');
  log.warn('another warning');
  for (let count = 1; count <= 25; count++) log.error({ count }, 'an unexpected error');
  const ofRedis = () => lines().filter(({ msg }) => msg.startsWith('Redis is silent'));
  expect(ofRedis().map(({ count }) => count)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
  expect(lines().filter(({ msg }) => msg === 'another warning')).toHaveLength(1);
  // Each error has the request id that a client received.
  expect(lines().filter(({ level }) => level === 50)).toHaveLength(25);
  vi.advanceTimersByTime(60_000);
  expect(ofRedis().at(-1)).toMatchObject({
    level: 40,
    leftOut: 15,
    msg: 'Redis is silent (15 more in the last minute)',
  });
  log.warn({ count: 26 }, 'Redis is silent');
  expect(ofRedis().at(-1)).toMatchObject({ count: 26 });
  vi.advanceTimersByTime(60_000);
  expect(ofRedis()).toHaveLength(12);
});
