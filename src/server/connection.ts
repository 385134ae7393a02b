import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type { Authenticated, Authenticator } from '../chat/people/authenticator.ts';
import type { Limits } from '../limits.ts';
import { forbidden } from '../errors.ts';
import type { SocketConnection } from '../graphql/context.ts';
import type { Client, Viewer } from '../scope.ts';
import type { HeldConnection } from './connections.ts';
import { closeCodes, type CloseReason } from './close-codes.ts';
import type { Outbox } from './outbox.ts';
import { Slots } from './slots.ts';
import type { SocketSubscription } from './socket-subscription.ts';

/** The longest that a timer runs; a token of more than 24 days is looked at again then. */
const longestTimer = 2 ** 31 - 1;

/** So many tokens may operations on one socket bring. */
const mostTokens = 10;

/** One socket: who is at the other end, until when, and what runs on it. */
export class Connection implements SocketConnection, HeldConnection {
  readonly id = randomBytes(9).toString('base64url');
  readonly client: Client;
  readonly outbox: Outbox;
  readonly running: Slots;
  /** Those that are held on it. */
  readonly subscriptions = new Set<SocketSubscription>();
  readonly #webSocket: WebSocket;
  readonly #authenticator: Authenticator;
  /** Those of operations on a socket that came without. */
  #tokens: Map<string, Authenticated> | undefined;
  #own: Authenticated | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #isReleased = false;

  constructor(
    webSocket: WebSocket,
    outbox: Outbox,
    client: Client,
    authenticator: Authenticator,
    limits: Limits,
  ) {
    this.#webSocket = webSocket;
    this.#authenticator = authenticator;
    this.client = client;
    this.outbox = outbox;
    this.running = new Slots(limits.runningOperationsPerConnection, limits.operationsPerConnection);
  }

  /** Who connected; null for a socket that came without a token. */
  get viewer(): Viewer | null {
    return this.#own?.viewer ?? null;
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  get isBusy(): boolean {
    return this.running.running > 0;
  }

  /** From here on the socket is this user's, until the token ends [P10]. Throws a refusal. */
  async signIn(token: string): Promise<Viewer> {
    this.#own = await this.#authenticator.authenticate(token);
    this.#watchExpiry();
    return this.#own.viewer;
  }

  /** Who an operation on a socket without a token is by, which brings its own. The socket then ends with the first of them. Throws a refusal. */
  async viewerOf(operationToken: string): Promise<Viewer> {
    this.#tokens ??= new Map();
    let authenticated = this.#tokens.get(operationToken);
    if (!authenticated) {
      authenticated = await this.#authenticator.authenticate(operationToken);
      if (this.#tokens.size >= mostTokens)
        throw forbidden(
          `A socket speaks for at most ${mostTokens} tokens. Open another one, with the token in its connectionParams.`,
        );
      this.#tokens.set(operationToken, authenticated);
      this.#watchExpiry();
    }
    return authenticated.viewer;
  }

  async extend(token: string): Promise<Date> {
    const authenticated = await this.#authenticator.authenticate(token);
    if (!this.#own || authenticated.viewer.id !== this.#own.viewer.id)
      throw forbidden(
        'A connection can only be prolonged with a token of the user who opened it. Open another connection.',
      );
    this.#own = authenticated;
    this.#watchExpiry();
    return authenticated.expiresAt;
  }

  speaksFor(matches: (viewer: Viewer) => boolean): boolean {
    return this.#identities().some(({ viewer }) => matches(viewer));
  }

  close(reason: CloseReason): void {
    const [code, text] = closeCodes[reason];
    this.#webSocket.close(code, text);
    // A peer may leave the close unanswered and read on.
    this.release();
  }

  /** Ends what is held on it, now and later: what is still being authenticated holds nothing when it is done. */
  release(): void {
    this.#isReleased = true;
    clearTimeout(this.#expiry);
    for (const subscription of this.subscriptions) subscription.stop();
  }

  #identities(): Authenticated[] {
    return [...(this.#tokens?.values() ?? []), ...(this.#own ? [this.#own] : [])];
  }

  #watchExpiry(): void {
    if (this.#isReleased) return;
    clearTimeout(this.#expiry);
    const remaining =
      Math.min(...this.#identities().map(({ expiresAt }) => expiresAt.getTime())) - Date.now();
    if (remaining <= 0) this.close('tokenExpired');
    else this.#expiry = setTimeout(() => this.#watchExpiry(), Math.min(remaining, longestTimer));
  }
}
