import { createConnection, type Connection, type ConnectionOptions, type ConnectionState, type OneConnection } from './connection.ts';

/** What the server lets one connection carry. */
export const subscriptionsMax = 100;

/** How things stand with several is how they stand with the one of them that comes first here. */
const precedence: readonly ConnectionState['status'][] = ['refused', 'waiting', 'connecting', 'connected', 'idle'];

/** One connection for all subscriptions, and another where those there are carry as much as they may. */
export function createConnections({ changed, ...options }: ConnectionOptions): Connection {
  const connections: OneConnection[] = [];
  let state: ConnectionState = { status: 'idle' };

  function tell(): void {
    const before = state;
    state = connections.map((connection) => connection.state).sort((one, other) => precedence.indexOf(one.status) - precedence.indexOf(other.status))[0]!;
    if (state.status !== before.status || (state !== before && state.status === 'waiting')) changed(state);
  }

  function open(): OneConnection {
    const connection = createConnection({ ...options, changed: tell });
    connections.push(connection);
    return connection;
  }

  return {
    get state() {
      return state;
    },
    subscribe: (payload, sink) => (connections.find(({ size }) => size < subscriptionsMax) ?? open()).subscribe(payload, sink),
    restart: () => connections.forEach((connection) => connection.restart()),
    end: () => connections.forEach((connection) => connection.end()),
  };
}
