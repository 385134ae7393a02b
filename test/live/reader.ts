import type { Sink } from '../../src/live/follower.ts';

/** A sink that is fast or slow, as the test decides. */
export class Reader implements Sink {
  readonly received: { type: string; seq: number; tag: number }[] = [];
  ending: { error: unknown } | undefined;
  isReady = true;
  #waiting: (() => void)[] = [];

  write(payloads: readonly Buffer[]): void {
    this.received.push(...payloads.map((payload) => JSON.parse(payload.toString())));
  }

  whenReady(): Promise<void> {
    return this.isReady ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  stall(): void {
    this.isReady = false;
  }

  drain(): void {
    this.isReady = true;
    for (const wake of this.#waiting.splice(0)) wake();
  }

  end(error?: unknown): void {
    this.ending ??= { error };
  }
}
