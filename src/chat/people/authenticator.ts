import { randomUUID } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { hasOutsideIssuer } from '../../config.ts';
import { Refusal, unauthenticated } from '../../errors.ts';
import { isId } from '../../ids.ts';
import type { Node, Scope, Service, Viewer } from '../../scope.ts';
import { ownIssuer, verifyAccessToken } from './access-tokens.ts';
import { createEndedSessions } from './ended-sessions.ts';
import { createOutsideRoles, issuedAt } from './outside-roles.ts';
import { createOutsideTokens } from './outside-tokens.ts';
import {
  findOutsideUser,
  identityOf,
  meetOutsideUser,
  type Identity,
  type OutsideUserRow,
} from './outside-users.ts';
import { isServiceToken, serviceOf, verifyServiceToken } from './service-tokens.ts';
import { userColumns, type UserRow } from './users.ts';

/** For how long a node may not notice that a user was removed or has another role, in ms. */
const userLifeMs = 5000;
const tokenMaxCharacters = 16_384;

/** Who a token stands for, and until when. */
export interface Authenticated {
  readonly viewer: Viewer;
  readonly expiresAt: Date;
}

/** Who sends a request: a user, or a backend. */
export type Identified = Authenticated | { readonly service: Service };

/** Tells who a token stands for [P9]. */
export interface Authenticator {
  /** Tells whether it stands for a user or for a backend, else as `authenticate`. */
  identify(token: string): Promise<Identified>;
  /** Of a user's token. Throws UNAUTHENTICATED, with the reason TOKEN_EXPIRED where that is it, or UNAVAILABLE while it cannot be told. */
  authenticate(token: string): Promise<Authenticated>;
  /** From now on the session's tokens are refused. To be told of every SessionEnded. */
  sessionEnded(sessionId: string): void;
  /** From now on no token stands for this user, however lately they were read. To be told of every UserRemoved. */
  userRemoved(userId: string): void;
  /** From now on the user's tokens stand for the role that they have now. To be told of every change of a role. */
  roleChanged(userId: string): void;
  /** Reads the sessions that ended lately. To be called at start, once every SessionEnded from then on is heard. */
  load(): Promise<void>;
}

export function createAuthenticator(node: Node): Authenticator {
  const { config, database, signingKey, log } = node;
  const ended = createEndedSessions(config, database);
  /** For as long as a row read before may be known. */
  const removed = new LRUCache<string, true>({ max: 10_000, ttl: 2 * userLifeMs });
  const verifyOutside = createOutsideTokens(config, signingKey, log);
  const takeOverRole = createOutsideRoles(node);
  const known = new LRUCache<string, UserRow>({
    max: 10_000,
    ttl: userLifeMs,
    fetchMethod: async (id) =>
      (await database.prisma.user.findUnique({
        where: { id, deletedAt: null },
        select: userColumns,
      })) ?? undefined,
  });
  const knownOutside = new LRUCache<string, OutsideUserRow, Identity>({
    max: 10_000,
    ttl: userLifeMs,
    fetchMethod: (_key, _stale, { context }) => findOutsideUser(database, context),
  });

  const authenticateOwn = async (token: string) => {
    const { userId, sessionId, expiresAt } = await verifyAccessToken(token, signingKey);
    const user = await known.fetch(userId);
    // Last, so that no session ends unnoticed while the user is read.
    if (ended.has(sessionId))
      throw unauthenticated('The session of this token has ended. Sign in again.');
    if (!user || removed.has(userId)) throw userGone();
    return { viewer: viewerOf(user, sessionId), expiresAt };
  };

  const authenticateOutside = async (token: string) => {
    const claims = await verifyOutside(token);
    const identity = identityOf(claims);
    const user = (await namedById(identity)) ?? (await outsideUser(token, identity, claims));
    if (removed.has(user.id)) throw userGone();
    return {
      viewer: viewerOf(user, undefined),
      expiresAt: new Date(Math.min(claims.exp! * 1000, latestDate)),
    };
  };

  /**
   * A token without `iss`, by the key that this server itself signs with, may name a user by the id. Where the application has an issuer, and in
   * a token that names one, a `sub` is one of that issuer's, whatever it looks like [P14].
   */
  const namedById = async ({ issuer, subject }: Identity) =>
    issuer === '' && !hasOutsideIssuer(config) && isId(subject)
      ? known.fetch(subject.toLowerCase())
      : undefined;

  const outsideUser = async (token: string, identity: Identity, claims: JWTPayload) => {
    // Neither of the two has control characters.
    const key = `${identity.issuer}\n${identity.subject}`;
    const met =
      (await knownOutside.fetch(key, { context: identity })) ??
      (await meetOutsideUser(ownScope(node), identity, claims, issuedAt(claims)));
    const user = await takeOverRole(token, met, claims);
    if (user !== met) knownOutside.set(key, user);
    return user;
  };

  const identify = async (token: string): Promise<Identified> => {
    if (token.length > tokenMaxCharacters)
      throw unauthenticated(
        `The token is longer than ${tokenMaxCharacters} characters. Send a smaller one.`,
      );
    try {
      const claims = decodeJwt(token);
      const isOwn = claims.iss === ownIssuer;
      if (isServiceToken(config, claims))
        return {
          service: serviceOf(
            isOwn ? await verifyServiceToken(token, signingKey) : await verifyOutside(token),
          ),
        };
      return isOwn ? await authenticateOwn(token) : await authenticateOutside(token);
    } catch (error) {
      throw error instanceof errors.JOSEError ? refusalOf(error) : error;
    }
  };

  return {
    identify,
    async authenticate(token) {
      const identified = await identify(token);
      if ('service' in identified)
        throw unauthenticated(
          'This is a service token, which stands for no user. Send it with single requests over HTTP.',
        );
      return identified;
    },
    sessionEnded: ended.add,
    userRemoved: (userId) => void removed.set(userId, true),
    roleChanged(userId) {
      known.delete(userId);
      for (const [key, user] of knownOutside.entries())
        if (user.id === userId) knownOutside.delete(key);
    },
    load: ended.load,
  };
}

const latestDate = 8.64e15;

const userGone = () => unauthenticated('The user of this token no longer exists. Sign up anew.');

const ownScope = (node: Node): Scope => ({
  node,
  viewer: null,
  requestId: randomUUID(),
  address: '',
});

const viewerOf = (
  { id, username, role, isGuest }: UserRow,
  sessionId: string | undefined,
): Viewer => ({ id, username, role, isGuest, sessionId });

function refusalOf(error: errors.JOSEError): Refusal {
  if (error instanceof errors.JWTExpired)
    return new Refusal(
      'UNAUTHENTICATED',
      'The token has expired: get a new one with refreshSession, or from your issuer, and send that.',
      { reason: 'TOKEN_EXPIRED' },
    );
  if (error instanceof errors.JWTClaimValidationFailed)
    return unauthenticated(
      `The token's \`${error.claim}\` is ${error.reason === 'missing' ? 'missing' : 'not what this server accepts'}. Get a token that is made for this server.`,
    );
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return unauthenticated(
      'The token is signed with an algorithm that this server does not accept from its issuer.',
    );
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey
  )
    return unauthenticated(
      'The token is not signed with a key that this server trusts. Sign in again.',
    );
  return unauthenticated('This is not a valid JWT. Send the access token as it was given.');
}
