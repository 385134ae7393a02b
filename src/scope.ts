import type { Presence } from './cluster/presence.ts';
import type { Rates } from './cluster/rates.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { forbidden, unauthenticated } from './errors.ts';
import type { Cursors } from './events/cursor.ts';
import type { Publish, Watch } from './events/event.ts';
import type { Facts } from './events/facts.ts';
import type { Sequencer } from './events/sequencer.ts';
import type { Broadcasts } from './events/broadcast.ts';
import type { Signals } from './events/signal.ts';
import type { LeaveTurn } from './held-turn.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';
import type { FileStores } from './storage/file-stores.ts';

/** The signed-in user of a request. */
export interface Viewer {
  readonly id: string;
  readonly username: string;
  readonly role: 'USER' | 'ADMIN';
  readonly isGuest: boolean;
  readonly isBot: boolean;
  /** The session of the token; undefined for tokens of another issuer. */
  readonly sessionId: string | undefined;
}

/** What a service token may permit, as the scopes of its claim `scope` (RFC 8693, section 4.2). */
export const serviceScopes = [
  'notify',
  'users',
  'rooms',
  'messages',
  'events',
  'erase',
  'webhooks',
] as const;

export type ServiceScope = (typeof serviceScopes)[number];

/** A backend with a service token. */
export interface Service {
  /** The key of its rates. */
  readonly id: string;
  /** The `sub` of its token. */
  readonly name: string;
  /** The `iss` of its token; empty if it has none. */
  readonly issuer: string;
  readonly scopes: ReadonlySet<ServiceScope>;
}

/**
 * The state of chat on a node, and functions of higher strata that lower strata call. The file that
 * uses a service declares it here with `declare module`; `chat/services.ts` creates all services.
 */
export interface Services {}

/** The parts of a node that rules can use. */
export interface Node {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly rates: Rates<string>;
  readonly cursors: Cursors;
  readonly publish: Publish;
  readonly watch: Watch;
  readonly sequencer: Pick<Sequencer, 'catchUp' | 'follow'>;
  readonly signals: Signals;
  readonly broadcasts: Broadcasts;
  readonly presence: Presence;
  readonly fileStores: FileStores;
  /** Signs and verifies the tokens of this server (HS256). */
  readonly signingKey: Uint8Array;
  /** The key with which browsers know this server (VAPID, RFC 8292). */
  readonly pushPublicKey: string;
  readonly services: Services;
}

/** A node without its services, which are created from it. */
export type NodeCore = Omit<Node, 'services'>;

/** The program that sent a request. */
export interface Client {
  /** The `User-Agent` header, shortened. Clients can send any value. */
  readonly userAgent: string | undefined;
  /** Whether it runs on this machine and is connected directly, not through a proxy. */
  readonly isOnThisMachine: boolean;
}

/**
 * The first argument of every rule: the viewer, and the parts of the node that rules can use. It
 * lives for one operation, or one batch of events.
 */
export interface Scope {
  readonly node: Node;
  /**
   * Null for requests without a token. In an execution that several viewers share, reading it
   * throws.
   */
  readonly viewer: Viewer | null;
  /** The backend, for requests with a service token. There is no viewer then. */
  readonly service?: Service;
  readonly requestId: string;
  /** The address of the client, or an empty string if it is unknown. */
  readonly address: string;
  readonly client?: Client;
  /**
   * Runs the read of a page in the viewer's turn, so that no user occupies the database [P13].
   * Undefined for backends, whose reads do not wait.
   */
  readonly readInTurn?: (<Result>(read: () => Promise<Result>) => Promise<Result>) | undefined;
  /**
   * Waits for something outside of the database without the turn of the operation, so that slow
   * servers keep no operation of others waiting [P13]. Undefined where there are no turns.
   */
  readonly leaveTurn?: LeaveTurn;
  /** Rows that came with a live event and need not be read. */
  readonly facts?: Facts;
}

/** Returns the viewer. FORBIDDEN for a service token, UNAUTHENTICATED without a token. */
export function requireViewer(scope: Scope): Viewer {
  if (scope.service)
    throw forbidden(
      'A service token cannot do that, because it does not belong to a user. Use the access token of a user.',
    );
  if (!scope.viewer)
    throw unauthenticated(
      'You are not signed in. Sign in, then send the access token with the request, or in the connectionParams of the socket.',
    );
  return scope.viewer;
}

/** Waits for something outside of the database without the turn of the operation. */
export const outsideTurn = <Result>(
  { leaveTurn }: Scope,
  work: () => Promise<Result>,
): Promise<Result> => (leaveTurn ? leaveTurn(work) : work());
