import { WebSocket } from 'ws';
import {
  connect,
  type Causerie,
  type ConnectionState,
  type ConnectOptions,
} from '../../client/src/index.ts';
import { startFaultProxy, type FaultProxy } from './fault-proxy.ts';
import { person, type Person } from './person.ts';
import { createRoom } from './rooms.ts';
import { startNode, type NodeOptions, type TestNode } from './start-node.ts';

/** The SDK as an application uses it, with short pauses. */
export function connectSdk(options: ConnectOptions): Causerie {
  return connect({
    webSocket: WebSocket,
    ...options,
    timing: { retryMs: 20, retryMaxMs: 200, lingerMs: 50, ...options.timing },
  });
}

export interface Harbour extends AsyncDisposable {
  readonly node: TestNode;
  readonly proxy: FaultProxy;
  readonly ann: Person;
  readonly roomId: string;
  /** Ann's SDK, through the proxy. */
  readonly causerie: Causerie;
  readonly url: string;
}

/** Starts a node, a proxy to it, and a room whose owner uses the SDK. */
export async function openHarbour(
  { limits, settings }: NodeOptions = {},
  options: Partial<ConnectOptions> = {},
): Promise<Harbour> {
  const node = await startNode({ limits, settings: { RATE_LIMITS: 'off', ...settings } });
  const proxy = await startFaultProxy(Number(new URL(node.url).port));
  const ann = await person(node, 'ann');
  const { id: roomId } = await createRoom(ann, { name: 'Harbour' });
  const url = `http://127.0.0.1:${proxy.port}/graphql`;
  const causerie = connectSdk({ url, token: ann.token, ...options });
  return {
    node,
    proxy,
    ann,
    roomId,
    causerie,
    url,
    async [Symbol.asyncDispose]() {
      causerie.close();
      await ann[Symbol.asyncDispose]();
      await proxy[Symbol.asyncDispose]();
      await node[Symbol.asyncDispose]();
    },
  };
}

export interface Taken<Event> {
  readonly events: Event[];
  /** Undefined while it continues; null if it ended without an error. */
  readonly ending: unknown;
}

/** Collects all events as fast as they arrive. */
export function takeAll<Event>(events: AsyncIterable<Event>): Taken<Event> {
  const taken: { events: Event[]; ending: unknown } = { events: [], ending: undefined };
  const take = async () => {
    for await (const event of events) taken.events.push(event);
  };
  void take().then(
    () => (taken.ending = null),
    (error) => (taken.ending = error),
  );
  return taken;
}

interface AnyEvent {
  readonly __typename: string;
  readonly message?: { readonly body: string | null };
}

export const bodiesIn = ({ events }: Taken<AnyEvent>): (string | null)[] =>
  events.flatMap(({ message }) => (message ? [message.body] : []));
export const kindsIn = ({ events }: Taken<AnyEvent>): string[] =>
  events.map(({ __typename }) => __typename);

/** Collects the states of the connection from now on. */
export function statesOf(causerie: Causerie): ConnectionState['status'][] {
  const states: ConnectionState['status'][] = [];
  causerie.onConnection(({ status }) => states.push(status));
  return states;
}
