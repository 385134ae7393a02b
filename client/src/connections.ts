import {
  createConnection,
  type Connection,
  type ConnectionOptions,
  type ConnectionState,
  type OneConnection,
} from './connection.ts';

/** What the server lets one connection carry. */
export const subscriptionsMax = 100;

/** How things stand with several is how they stand with the one of them that comes first here. */
const precedence: readonly ConnectionState['status'][] = [
  'refused',
  'waiting',
  'connecting',
  'connected',
  'idle',
];

const isAtRest = ({ state: { status } }: OneConnection): boolean =>
  status === 'idle' || status === 'refused';

/** One connection for all subscriptions, and another where those there carry as much as they may. */
export function createConnections({ changed, ...options }: ConnectionOptions): Connection {
  let connections: OneConnection[] = [];
  let state: ConnectionState = { status: 'idle' };

  /** One that has come to rest counts until another goes on. */
  function tell(news: OneConnection): void {
    connections = connections.filter((connection) => connection === news || !isAtRest(connection));
    const before = state;
    state = connections
      .map((connection) => connection.state)
      .sort((one, other) => precedence.indexOf(one.status) - precedence.indexOf(other.status))[0]!;
    if (state.status !== before.status || (state !== before && state.status === 'waiting'))
      changed(state);
  }

  function open(): OneConnection {
    const connection: OneConnection = createConnection({
      ...options,
      changed: () => tell(connection),
    });
    connections.push(connection);
    return connection;
  }

  return {
    get state() {
      return state;
    },
    subscribe: (payload, sink) =>
      (connections.find(({ size }) => size < subscriptionsMax) ?? open()).subscribe(payload, sink),
    restart: () => connections.forEach((connection) => connection.restart()),
    end: () => connections.forEach((connection) => connection.end()),
  };
}
