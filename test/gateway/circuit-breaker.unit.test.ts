import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { CircuitOpen, createCircuitBreaker } from '../../src/gateway/circuit-breaker.ts';

let now = 0;
let changes: boolean[];
let probes: number;
let isAlive: boolean;
let breaker: ReturnType<typeof createCircuitBreaker>;
beforeEach(() => {
  now = 0;
  changes = [];
  probes = 0;
  isAlive = false;
  breaker = createCircuitBreaker({
    failuresMax: 3,
    pauseMs: 1000,
    async probe() {
      probes++;
      if (!isAlive) throw new Error('away');
    },
    onChange: (isOpen) => void changes.push(isOpen),
    now: () => now,
  });
});

async function outcomeOf(call: () => Promise<string>): Promise<string> {
  const outcome = await breaker.run(call).catch((error: Error) => error.name);
  // The probe that follows a failure has its answer.
  await nextTurn();
  return outcome;
}
const fails = () => outcomeOf(() => Promise.reject(new Error('away')));
const succeeds = () => outcomeOf(async () => 'done');
const notCalled = new CircuitOpen().name;

async function open(): Promise<void> {
  for (let count = 0; count < 3; count++) expect(await fails()).toBe('Error');
  expect(breaker.isOpen).toBe(true);
}

describe('a circuit breaker', () => {
  it('opens after several failures in a row and of the probe, and rejects calls without making them', async () => {
    await fails();
    await fails();
    expect([breaker.isOpen, probes]).toEqual([false, 0]);
    await fails();
    expect([await succeeds(), probes]).toEqual([notCalled, 1]);
    expect(changes).toEqual([true]);
  });

  it('stays closed if a call succeeds in between', async () => {
    await fails();
    await fails();
    await succeeds();
    await fails();
    await fails();
    expect([breaker.isOpen, probes]).toEqual([false, 0]);
  });

  it('[P13] cannot be opened by content that the server does not handle', async () => {
    isAlive = true;
    for (let count = 0; count < 12; count++) expect(await fails()).toBe('Error');
    expect([changes, probes]).toEqual([[], 4]);
  });

  it('makes one call after the pause, and closes if it succeeds', async () => {
    await open();
    now = 999;
    expect(await succeeds()).toBe(notCalled);
    now = 1000;
    let answer = (_value: string) => {};
    const trial = breaker.run(() => new Promise<string>((resolve) => (answer = resolve)));
    expect(await succeeds()).toBe(notCalled);
    answer('done');
    expect(await trial).toBe('done');
    expect(await succeeds()).toBe('done');
    expect(changes).toEqual([true, false]);
  });

  it('pauses again if that call and the probe fail', async () => {
    await open();
    now = 1000;
    expect(await fails()).toBe('Error');
    now = 1999;
    expect(await succeeds()).toBe(notCalled);
    now = 2000;
    expect(await succeeds()).toBe('done');
    expect(changes).toEqual([true, false]);
  });

  it('[P13] closes if that call fails, but the probe succeeds', async () => {
    await open();
    now = 1000;
    isAlive = true;
    expect(await fails()).toBe('Error');
    expect(await succeeds()).toBe('done');
  });

  it('needs as many failures again after it closed', async () => {
    await open();
    now = 1000;
    await succeeds();
    await fails();
    await fails();
    expect(breaker.isOpen).toBe(false);
  });
});
