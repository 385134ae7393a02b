import type { Presence } from './cluster/presence.ts';
import type { Rates } from './cluster/rates.ts';
import type { Config } from './config.ts';
import type { Database } from './db/database.ts';
import { forbidden, unauthenticated } from './errors.ts';
import type { Cursors } from './events/cursor.ts';
import type { Publish, Watch } from './events/event.ts';
import type { Facts } from './events/facts.ts';
import type { Signals } from './events/signal.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/** Who is asking. */
export interface Viewer {
  readonly id: string;
  readonly username: string;
  readonly role: 'USER' | 'ADMIN';
  readonly isGuest: boolean;
  /** The sign-in behind the token; undefined for tokens of another issuer. */
  readonly sessionId: string | undefined;
}

/** A backend that may notify, and nothing else. */
export interface Service {
  /** What it is counted by. */
  readonly id: string;
}

/**
 * What chat keeps for as long as a node lives: its state, and what its higher strata do for the lower ones. A file that needs a service
 * declares it here by `declare module`, beside the code that uses it; `chat/services.ts` creates them all.
 */
export interface Services {}

/** What one node has and a rule may use. */
export interface Node {
  readonly config: Config;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly database: Database;
  readonly rates: Rates<string>;
  readonly cursors: Cursors;
  readonly publish: Publish;
  readonly watch: Watch;
  readonly signals: Signals;
  readonly presence: Presence;
  /** Signs and checks the tokens of this application (HS256). */
  readonly signingKey: Uint8Array;
  readonly services: Services;
}

/** A node before its services, which are made of it. */
export type NodeCore = Omit<Node, 'services'>;

/** The program that sent a request. */
export interface Client {
  /** Its `User-Agent` header, shortened. Any client can write anything there. */
  readonly userAgent: string | undefined;
  /** Whether it runs on this machine and came here directly, not through a proxy. */
  readonly isOnThisMachine: boolean;
}

/** Who is asking, and what a rule may use: the first argument of every rule. It lives as long as one operation, or one page of events. */
export interface Scope {
  readonly node: Node;
  /** Null when nobody is signed in. In a run that many viewers share, reading it throws. */
  readonly viewer: Viewer | null;
  /** The backend that a service token stands for. There is no viewer then. */
  readonly service?: Service;
  readonly requestId: string;
  /** Where the request came from, as far as is known. */
  readonly address: string;
  readonly client?: Client;
  /** Rows that came with a live event and need not be read. */
  readonly facts?: Facts;
}

/** The viewer, or a refusal. */
export function requireViewer(scope: Scope): Viewer {
  if (scope.service)
    throw forbidden('A service token stands for no user: it may notify, and nothing else.');
  if (!scope.viewer)
    throw unauthenticated(
      'Sign in first: send an access token with the request, or in connectionParams of the socket.',
    );
  return scope.viewer;
}
