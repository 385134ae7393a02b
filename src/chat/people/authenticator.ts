import { randomUUID } from 'node:crypto';
import type { JWTPayload } from 'jose';
import { hasOutsideIssuer } from '../../config.ts';
import { unauthenticated } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Node, Scope, Service, Viewer } from '../../scope.ts';
import { sessionOf } from './access-tokens.ts';
import { createEndedSessions } from './ended-sessions.ts';
import { createOutsideClaims, issuedAt } from './outside-claims.ts';
import { ensureOutsideUser, identityOf, type Identity } from './outside-users.ts';
import { serviceOf } from './service-tokens.ts';
import { createUserCache } from './user-cache.ts';
import { isSuspended, refuseSuspended } from './suspension.ts';
import type { AccountRow } from './users.ts';
import { createTokenVerifier } from './verify-token.ts';

/** The user of a token, and when the token expires. */
export interface Authenticated {
  readonly viewer: Viewer;
  readonly expiresAt: Date;
}

/** The backend of a service token, and when the token expires. */
export interface AuthenticatedService {
  readonly service: Service;
  readonly expiresAt: Date;
}

/** The sender of a request: a user or a backend. */
export type Identified = Authenticated | AuthenticatedService;

/** Finds the user or the backend of a token [P9]. */
export interface Authenticator {
  /** Accepts tokens of users and of backends. Throws like `authenticate`. */
  identify(token: string): Promise<Identified>;
  /**
   * Accepts tokens of users only. Throws UNAUTHENTICATED, with the reason TOKEN_EXPIRED for an
   * expired token and SUSPENDED for a suspended user, or UNAVAILABLE while it cannot be checked.
   */
  authenticate(token: string): Promise<Authenticated>;
  /** Refuses the session's tokens from now on. The caller passes every SessionEnded. */
  sessionEnded(sessionId: string): void;
  /** Refuses the user's tokens from now on. The caller passes every UserRemoved. */
  userRemoved(userId: string): void;
  /** Reads the user's role and suspension again. The caller passes every change of them. */
  userChanged(userId: string): void;
  /**
   * Reads the sessions that ended recently. Call it at start, when this node already receives every
   * new SessionEnded.
   */
  load(): Promise<void>;
}

export function createAuthenticator(node: Node): Authenticator {
  const { config, database, signingKey, log } = node;
  const verify = createTokenVerifier(config, signingKey, log);
  const ended = createEndedSessions(config, database);
  const users = createUserCache(database);
  const applyClaims = createOutsideClaims(node);

  async function identify(token: string): Promise<Identified> {
    const { kind, claims } = await verify(token);
    if (kind === 'service') return { service: serviceOf(claims), expiresAt: expiryOf(claims) };
    return kind === 'session' ? identifySession(claims) : identifyOutside(token, claims);
  }

  async function identifySession(claims: JWTPayload): Promise<Authenticated> {
    const { userId, sessionId } = sessionOf(claims);
    const user = await users.byId(userId);
    // Checked after the read, so that a session which ends during the read is noticed.
    if (ended.has(sessionId)) throw unauthenticated('Your session has ended. Sign in again.');
    return authenticated(user, sessionId, claims);
  }

  async function identifyOutside(token: string, claims: JWTPayload): Promise<Authenticated> {
    const identity = identityOf(claims);
    const user = (await userById(identity)) ?? (await outsideUser(token, identity, claims));
    return authenticated(user, undefined, claims);
  }

  /**
   * A token without `iss`, signed with this server's own key, may contain the user's id as `sub`.
   * In all other tokens the `sub` belongs to an issuer, even if it looks like an id [P14].
   */
  async function userById({ issuer, subject }: Identity): Promise<AccountRow | undefined> {
    if (issuer !== '' || hasOutsideIssuer(config) || !isId(subject)) return undefined;
    return users.byId(subject.toLowerCase());
  }

  async function outsideUser(
    token: string,
    identity: Identity,
    claims: JWTPayload,
  ): Promise<AccountRow> {
    const scope = scopeOf(node);
    const found =
      (await users.byIdentity(identity)) ??
      (await ensureOutsideUser(scope, identity, claims, issuedAt(claims)));
    const user = await applyClaims(scope, token, found, claims);
    if (user !== found) users.set(identity, user);
    return user;
  }

  function authenticated(
    user: AccountRow | undefined,
    sessionId: string | undefined,
    claims: JWTPayload,
  ): Authenticated {
    if (!user || users.isRemoved(user.id))
      throw unauthenticated('The account of this token was deleted. Sign up again.');
    if (isSuspended(user)) throw refuseSuspended(user);
    const { id, username, role, isGuest, isBot } = user;
    return {
      viewer: { id, username, role, isGuest, isBot, sessionId },
      expiresAt: expiryOf(claims),
    };
  }

  return {
    identify,
    async authenticate(token) {
      const identified = await identify(token);
      if ('service' in identified)
        throw unauthenticated(
          'This is a service token, which does not belong to a user. Send it in the Authorization header over HTTP, or in the connectionParams of a socket.',
        );
      return identified;
    },
    sessionEnded: ended.add,
    userRemoved: users.remove,
    userChanged: users.forget,
    load: ended.load,
  };
}

/** The last moment that a Date can hold, in ms since 1970. */
const latestDate = 8.64e15;

const expiryOf = ({ exp }: JWTPayload) => new Date(Math.min(exp! * 1000, latestDate));

/** The scope in which the node creates and changes users itself. */
const scopeOf = (node: Node): Scope => ({
  node,
  viewer: null,
  requestId: randomUUID(),
  address: '',
});
