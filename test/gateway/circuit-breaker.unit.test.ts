import { beforeEach, describe, expect, it } from 'vitest';
import { CircuitOpen, createCircuitBreaker } from '../../src/gateway/circuit-breaker.ts';

let now = 0;
let changes: boolean[];
let breaker: ReturnType<typeof createCircuitBreaker>;
beforeEach(() => {
  now = 0;
  changes = [];
  breaker = createCircuitBreaker({
    failuresMax: 3,
    pauseMs: 1000,
    onChange: (isOpen) => void changes.push(isOpen),
    now: () => now,
  });
});

const fails = (userId: string) =>
  breaker.run(userId, () => Promise.reject(new Error('away'))).catch((error: Error) => error.name);
const succeeds = (userId: string) =>
  breaker.run(userId, async () => 'done').catch((error: Error) => error.name);
const notCalled = new CircuitOpen().name;

async function open(): Promise<void> {
  for (const userId of ['ann', 'bob', 'ann']) expect(await fails(userId)).toBe('Error');
  expect(breaker.isOpen).toBe(true);
}

describe('a circuit breaker', () => {
  it('opens after several failures in a row, and rejects calls without making them', async () => {
    await fails('ann');
    await fails('bob');
    expect(breaker.isOpen).toBe(false);
    await fails('ann');
    expect(await succeeds('cat')).toBe(notCalled);
    expect(changes).toEqual([true]);
  });

  it('stays closed if a call succeeds in between', async () => {
    await fails('ann');
    await fails('bob');
    await succeeds('cat');
    await fails('ann');
    await fails('bob');
    expect(breaker.isOpen).toBe(false);
  });

  it('cannot be opened by one user alone', async () => {
    for (let count = 0; count < 10; count++) await fails('mallory');
    expect(breaker.isOpen).toBe(false);
    await fails('ann');
    expect(breaker.isOpen).toBe(true);
  });

  it('tries one call after the pause, and closes if it succeeds', async () => {
    await open();
    now = 999;
    expect(await succeeds('ann')).toBe(notCalled);
    now = 1000;
    let answer = (_value: string) => {};
    const trial = breaker.run('ann', () => new Promise<string>((resolve) => (answer = resolve)));
    expect(await succeeds('bob')).toBe(notCalled);
    answer('done');
    expect(await trial).toBe('done');
    expect(await succeeds('bob')).toBe('done');
    expect(changes).toEqual([true, false]);
  });

  it('pauses again if that call fails', async () => {
    await open();
    now = 1000;
    expect(await fails('ann')).toBe('Error');
    now = 1999;
    expect(await succeeds('ann')).toBe(notCalled);
    now = 2000;
    expect(await succeeds('ann')).toBe('done');
    expect(changes).toEqual([true, false]);
  });

  it('needs as many failures again after it closed', async () => {
    await open();
    now = 1000;
    await succeeds('ann');
    await fails('ann');
    await fails('bob');
    expect(breaker.isOpen).toBe(false);
  });
});
