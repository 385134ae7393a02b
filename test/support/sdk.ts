import { WebSocket } from 'ws';
import { connect, type Causerie, type ConnectOptions, type ConnectionState } from '../../client/src/index.ts';

/** The SDK as an application has it, with pauses that tests can wait for. */
export function connectSdk(options: ConnectOptions): Causerie & Disposable {
  const causerie = connect({ webSocket: WebSocket, ...options, timing: { retryMs: 20, retryMaxMs: 200, lingerMs: 50, ...options.timing } });
  return Object.defineProperty(causerie, Symbol.dispose, { value: () => causerie.close() }) as Causerie & Disposable;
}

export interface Taken<Event> {
  readonly events: Event[];
  /** Undefined while it goes on; null when it ended without an error. */
  readonly ending: unknown;
  /** Resolves at its end, whatever that is. */
  readonly done: Promise<void>;
}

/** Takes everything that is told, as fast as it comes. */
export function takeAll<Event>(told: AsyncIterable<Event>): Taken<Event> {
  const events: Event[] = [];
  let ending: unknown;
  const take = async () => {
    for await (const event of told) events.push(event);
  };
  const done = take().then(() => void (ending = null), (error) => void (ending = error));
  return { events, done, get ending() { return ending; } };
}

export function statesOf(causerie: Causerie): ConnectionState['status'][] {
  const states: ConnectionState['status'][] = [];
  causerie.onConnection(({ status }) => states.push(status));
  return states;
}
