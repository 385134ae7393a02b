import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import type { RedisFaults } from './redis-faults.ts';

const probeMs = 1000;
const silenceMs = 3000;

/**
 * Finds out whether a link carries messages: each second a node sends a probe to itself through the
 * link. So a link that is open but carries nothing is noticed.
 */
export interface Probe extends Disposable {
  /** Whether a probe came back since the link was last lost. */
  readonly isUp: boolean;
  /** Sends a probe before its second is over. */
  sendNow(): void;
  /** To be called with a probe that came back. */
  received(sentAt: number): void;
  /** To be called when the link is known to be lost. */
  lost(reason: string): void;
  /** Runs whenever the link carries messages again. */
  onReturn(listener: () => void): void;
}

interface ProbeOptions {
  /** Sends the time of this process, in ms, to this node itself. */
  send(sentAt: number): void;
  /** Replaces a link that has been silent. */
  reconnect(): void;
  readonly faults: RedisFaults;
  readonly log: Log;
  readonly metrics: Metrics;
}

export function startProbe({ send, reconnect, faults, log, metrics }: ProbeOptions): Probe {
  const listeners: (() => void)[] = [];
  let state: 'down' | 'up' = 'down';
  let linkSince = performance.now();
  let lastReceivedAt = linkSince;

  function becomeUp(): void {
    if (state === 'up') return;
    state = 'up';
    metrics.busUp.set(1);
    log.info('the bus is up');
    for (const listener of listeners) listener();
  }

  function becomeDown(reason: string): void {
    if (state === 'up')
      log.warn(`the bus is down: ${reason}; events of other nodes are read from the log meanwhile`);
    state = 'down';
    metrics.busUp.set(0);
  }

  function replaceLink(): void {
    becomeDown('Redis is silent');
    faults.failed('bus', new Error('a probe did not return'));
    linkSince = lastReceivedAt = performance.now();
    reconnect();
  }

  function probe(): void {
    if (performance.now() - lastReceivedAt > silenceMs) replaceLink();
    send(performance.now());
  }
  const timer = setInterval(probe, probeMs);

  return {
    get isUp() {
      return state === 'up';
    },
    sendNow: probe,
    received(sentAt) {
      // A probe that was stuck in the former link says nothing about this one.
      if (sentAt < linkSince) return;
      lastReceivedAt = performance.now();
      metrics.busLag.observe((lastReceivedAt - sentAt) / 1000);
      faults.works('bus');
      becomeUp();
    },
    lost: becomeDown,
    onReturn: (listener) => void listeners.push(listener),
    [Symbol.dispose]() {
      clearInterval(timer);
      listeners.length = 0;
    },
  };
}
