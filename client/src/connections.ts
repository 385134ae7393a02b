import {
  createConnection,
  type Connection,
  type ConnectionOptions,
  type ConnectionState,
  type OneConnection,
} from './connection.ts';

/** The server's limit for one connection. */
export const subscriptionsMax = 100;

/** Of several connections, the one whose status comes first here determines the common state. */
const worstFirst: readonly ConnectionState['status'][] = [
  'refused',
  'waiting',
  'connecting',
  'connected',
  'idle',
];

const severity = ({ status }: ConnectionState): number => worstFirst.indexOf(status);

const isResting = ({ state: { status } }: OneConnection): boolean =>
  status === 'idle' || status === 'refused';

/**
 * One connection for all subscriptions; another one is added when the others have as many as the
 * server allows.
 */
export function createConnections({ changed, ...options }: ConnectionOptions): Connection {
  let connections: OneConnection[] = [];
  let state: ConnectionState = { status: 'idle' };

  /** A connection that rests determines the state until another one changes. */
  function update(source: OneConnection): void {
    connections = connections.filter(
      (connection) => connection === source || !isResting(connection),
    );
    const previous = state;
    const states = connections.map((connection) => connection.state);
    state = states.sort((one, other) => severity(one) - severity(other))[0]!;
    const isNewAttempt = state !== previous && state.status === 'waiting';
    if (state.status !== previous.status || isNewAttempt) changed(state);
  }

  function open(): OneConnection {
    const connection: OneConnection = createConnection({
      ...options,
      changed: () => update(connection),
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
