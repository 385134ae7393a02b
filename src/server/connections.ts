import { setTimeout as sleep } from 'node:timers/promises';
import { createBudget } from '../budget.ts';
import type { Presence } from '../cluster/presence.ts';
import { rateLimited, type Refusal } from '../errors.ts';
import type { Limits } from '../limits.ts';
import type { Metrics } from '../metrics.ts';
import type { Service, Viewer } from '../scope.ts';
import type { CloseReason } from './close-codes.ts';
import type { Relief } from './relief.ts';

/** A connection that a client keeps open: a socket, or a streamed response. */
export interface HeldConnection {
  /** The address of the client, by which connections without a user are counted. */
  readonly address: string;
  readonly viewer: Viewer | null;
  /** The backend, if the connection has a service token. */
  readonly service?: Service | undefined;
  readonly isOpen: boolean;
  /** Whether queries or mutations of it still run or wait. */
  readonly isBusy: boolean;
  /** Whether any user of the connection matches. */
  speaksFor(matches: (viewer: Viewer) => boolean): boolean;
  close(reason: CloseReason): void;
}

/** All open connections of a node. */
export interface Connections {
  readonly count: number;
  add(connection: HeldConnection): void;
  /**
   * Counts an authenticated connection for its viewer, who is then online unless it is a bot, for
   * its service, or for its address if it came without a token. Returns false, without effect, if
   * that user, service or address has as many connections as allowed [P13].
   */
  admit(connection: HeldConnection): boolean;
  /** Does the same for the user of a single operation on a connection that came without a token. */
  admitUser(connection: HeldConnection, viewer: Viewer): boolean;
  remove(connection: HeldConnection): void;
  /** Closes the connections of a session that has ended [P10]. */
  endSession(sessionId: string): void;
  /** Closes the connections of a user who was removed, or suspended. */
  endUser(userId: string, reason?: 'suspended'): void;
  /**
   * Closes the connections of a user whose role has changed. The clients reconnect with the new
   * role.
   */
  renewUser(userId: string): void;
  /**
   * Closes all connections within this time. The closes are spread over it, because all clients
   * reconnect to the other nodes. Running operations can finish.
   */
  drain(overMs: number): Promise<void>;
}

/** The shortest average time between two closes while draining, in ms. */
const drainIntervalMs = 5;

/** How many times as many connections a holder can have while another node drains [P2]. */
const reliefFactor = 2;

/** A place among the connections of a user or an address. */
interface Admission {
  /** The id of a user or a service. */
  readonly holder: string | undefined;
  release(): void;
}

const noAdmissions: readonly Admission[] = [];

export function createConnections(
  limits: Limits,
  presence: Presence,
  relief: Pick<Relief, 'isOn'>,
  metrics: Metrics,
): Connections {
  const relieved = (limit: number) => () => (relief.isOn ? reliefFactor * limit : limit);
  const connections = new Map<HeldConnection, readonly Admission[]>();
  const perUser = createBudget<string>({
    name: 'user_connections',
    perHolder: relieved(limits.connectionsPerUser),
    total: Infinity,
    metrics,
  });
  const perAddress = createBudget<string>({
    name: 'anonymous_connections',
    perHolder: relieved(limits.anonymousConnectionsPerAddress),
    total: Infinity,
    metrics,
  });

  function end(
    matches: (viewer: Viewer) => boolean,
    reason: 'signedOut' | 'suspended' | 'roleChanged' = 'signedOut',
  ): void {
    for (const connection of connections.keys())
      if (connection.speaksFor(matches)) connection.close(reason);
  }

  function reportCount(): void {
    metrics.connections.set(connections.size);
    presence.reportConnections(connections.size);
  }

  function admissionOf(holder: string, connect: () => () => void): Admission | undefined {
    if (perUser.take(holder, 1) !== 'taken') return undefined;
    const leave = connect();
    return {
      holder,
      release() {
        leave();
        perUser.giveBack(holder, 1);
      },
    };
  }

  const admissionOfUser = ({ id, isBot }: Viewer) =>
    admissionOf(id, () => (isBot ? () => {} : presence.connect(id)));
  const admissionOfService = ({ id }: Service) => admissionOf(id, () => () => {});

  function admissionOfAddress(address: string): Admission | undefined {
    if (perAddress.take(address, 1) !== 'taken') return undefined;
    return { holder: undefined, release: () => perAddress.giveBack(address, 1) };
  }

  function admitAs(
    connection: HeldConnection,
    holder: string | undefined,
    admit: () => Admission | undefined,
  ): boolean {
    const admissions = connections.get(connection);
    // A connection that closed while it was being authenticated does not count.
    if (!admissions || admissions.some((admission) => admission.holder === holder)) return true;
    const admission = admit();
    if (!admission) return false;
    connections.set(connection, [...admissions, admission]);
    return true;
  }

  function admit(connection: HeldConnection): boolean {
    const { viewer, service, address } = connection;
    if (viewer) return admitUser(connection, viewer);
    if (service) return admitAs(connection, service.id, () => admissionOfService(service));
    return admitAs(connection, undefined, () => admissionOfAddress(address));
  }

  const admitUser = (connection: HeldConnection, viewer: Viewer) =>
    admitAs(connection, viewer.id, () => admissionOfUser(viewer));

  return {
    get count() {
      return connections.size;
    },
    add(connection) {
      connections.set(connection, noAdmissions);
      reportCount();
    },
    admit,
    admitUser,
    remove(connection) {
      for (const admission of connections.get(connection) ?? []) admission.release();
      connections.delete(connection);
      reportCount();
    },
    endSession: (sessionId) => end((viewer) => viewer.sessionId === sessionId),
    endUser: (userId, reason) => end((viewer) => viewer.id === userId, reason),
    renewUser: (userId) => end((viewer) => viewer.id === userId, 'roleChanged'),
    async drain(overMs) {
      const spreadMs = Math.min(overMs, connections.size * drainIntervalMs);
      const deadline = Date.now() + overMs;
      await Promise.all(
        [...connections.keys()].map(async (connection) => {
          await sleep(Math.random() * spreadMs);
          while (connection.isOpen && connection.isBusy && Date.now() < deadline) await sleep(20);
          connection.close('draining');
        }),
      );
    },
  };
}

/**
 * The refusal of an operation whose connection is not admitted. Closed connections are noticed
 * within seconds.
 */
export function tooManyConnections(
  holder: { readonly viewer: Viewer | null; readonly service?: Service | undefined },
  limits: Limits,
): Refusal {
  const message =
    holder.viewer || holder.service
      ? `A ${holder.viewer ? 'user' : 'service'} can have at most ${limits.connectionsPerUser} connections. Close one, then try again.`
      : `An address can have at most ${limits.anonymousConnectionsPerAddress} connections without a token. Close one, or connect with a token.`;
  return rateLimited(message, 1000);
}
