import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';
import type {
  Authenticated,
  AuthenticatedService,
  Authenticator,
} from '../chat/people/authenticator.ts';
import { forbidden } from '../errors.ts';
import type { SocketConnection } from '../graphql/context.ts';
import type { Client, Service, Viewer } from '../scope.ts';
import { closeCodes, type CloseReason } from './close-codes.ts';
import type { HeldConnection } from './connections.ts';
import type { Outbox } from './outbox.ts';
import type { SocketSubscription } from './socket-subscription.ts';

/**
 * The longest timer that Node supports, about 24 days. The expiry of a token that lives longer is
 * checked again after it.
 */
const timerMaxMs = 2 ** 31 - 1;

/** The number of different tokens that operations on one socket may carry. */
const maxOperationTokens = 10;

/** One socket: its users, the expiry of their tokens, and its running operations. */
export class Connection implements SocketConnection, HeldConnection {
  readonly id = randomBytes(9).toString('base64url');
  readonly client: Client;
  readonly outbox: Outbox;
  /** Queries and mutations that run or wait. */
  unfinished = 0;
  readonly subscriptions = new Set<SocketSubscription>();
  readonly #webSocket: WebSocket;
  readonly #authenticator: Authenticator;
  /** The users of operations on a socket that came without a token, by token. */
  #operationUsers: Map<string, Authenticated> | undefined;
  /** The user of the socket's own token. */
  #user: Authenticated | undefined;
  /** The backend of the socket's own token. */
  #service: AuthenticatedService | undefined;
  #expiry: NodeJS.Timeout | undefined;
  #isReleased = false;

  constructor(webSocket: WebSocket, outbox: Outbox, client: Client, authenticator: Authenticator) {
    this.#webSocket = webSocket;
    this.#authenticator = authenticator;
    this.client = client;
    this.outbox = outbox;
  }

  get address(): string {
    return this.outbox.address;
  }

  /** The user of the socket's own token; null if it came without one. */
  get viewer(): Viewer | null {
    return this.#user?.viewer ?? null;
  }

  get service(): Service | undefined {
    return this.#service?.service;
  }

  get isOpen(): boolean {
    return this.#webSocket.readyState === this.#webSocket.OPEN;
  }

  get isBusy(): boolean {
    return this.unfinished > 0;
  }

  /**
   * Authenticates the socket. It stays open until the token expires at the latest [P10]. Throws a
   * refusal.
   */
  async signIn(token: string): Promise<void> {
    const identified = await this.#authenticator.identify(token);
    if ('service' in identified) this.#service = identified;
    else this.#user = identified;
    this.#watchExpiry();
  }

  /**
   * The user of an operation that carries its own token, on a socket that came without one. The
   * socket closes when the first of these tokens expires. Throws a refusal.
   */
  async viewerOf(operationToken: string): Promise<Viewer> {
    this.#operationUsers ??= new Map();
    let authenticated = this.#operationUsers.get(operationToken);
    if (!authenticated) {
      authenticated = await this.#authenticator.authenticate(operationToken);
      if (this.#operationUsers.size >= maxOperationTokens)
        throw forbidden(
          `The operations on a socket can use at most ${maxOperationTokens} different tokens. Open another socket, with the token in its connectionParams.`,
        );
      this.#operationUsers.set(operationToken, authenticated);
      this.#watchExpiry();
    }
    return authenticated.viewer;
  }

  async extend(token: string): Promise<Date> {
    const authenticated = await this.#authenticator.authenticate(token);
    if (!this.#user || authenticated.viewer.id !== this.#user.viewer.id)
      throw forbidden(
        'A connection can only be extended with a token of the user who opened it. Open another connection.',
      );
    this.#user = authenticated;
    this.#watchExpiry();
    return authenticated.expiresAt;
  }

  speaksFor(matches: (viewer: Viewer) => boolean): boolean {
    return this.#users().some(({ viewer }) => matches(viewer));
  }

  close(reason: CloseReason): void {
    const [code, text] = closeCodes[reason];
    this.#webSocket.close(code, text);
    // A client may leave the close unanswered and keep reading.
    this.release();
  }

  /**
   * Stops all subscriptions and timers. An authentication that is still running starts no new ones.
   */
  release(): void {
    this.#isReleased = true;
    clearTimeout(this.#expiry);
    for (const subscription of this.subscriptions) subscription.stop();
  }

  #users(): Authenticated[] {
    const users = [...(this.#operationUsers?.values() ?? [])];
    return this.#user ? [...users, this.#user] : users;
  }

  #watchExpiry(): void {
    if (this.#isReleased) return;
    clearTimeout(this.#expiry);
    const identified = [...this.#users(), ...(this.#service ? [this.#service] : [])];
    const expiries = identified.map(({ expiresAt }) => expiresAt.getTime());
    const remainingMs = Math.min(...expiries) - Date.now();
    if (remainingMs <= 0) return this.close('tokenExpired');
    this.#expiry = setTimeout(() => this.#watchExpiry(), Math.min(remainingMs, timerMaxMs));
  }
}
