import { decodeJwt, errors, type JWTPayload } from 'jose';
import type { Config } from '../../config.ts';
import { unauthenticated } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { ownIssuer, verifyOwnToken } from './access-tokens.ts';
import { createOutsideTokens } from './outside-tokens.ts';
import { isServiceToken } from './service-tokens.ts';
import { refusalOf } from './token-refusals.ts';
import { refuseExpired } from './token-times.ts';

const tokenMaxCharacters = 16_384;

/** A token whose signature, issuer and lifetime are valid. It has `exp` and `sub`. */
export interface VerifiedToken {
  /**
   * `session`: an access token of this server. `outside`: a user's token of the application's
   * issuer. `service`: a token of a backend.
   */
  readonly kind: 'session' | 'outside' | 'service';
  readonly claims: JWTPayload;
}

export type VerifyToken = (token: string) => Promise<VerifiedToken>;

/**
 * Verifies tokens of every kind. The claims before verification only select the key and the rules;
 * a forged claim therefore fails the signature [P14]. Throws UNAUTHENTICATED, with the reason
 * TOKEN_EXPIRED for an expired token, or UNAVAILABLE while the issuer's keys cannot be read.
 */
export function createTokenVerifier(config: Config, signingKey: Uint8Array, log: Log): VerifyToken {
  const verifyOutsideToken = createOutsideTokens(config, signingKey, log);

  const verify = async (token: string): Promise<VerifiedToken> => {
    const claimed = parse(token);
    const isOwn = claimed.iss === ownIssuer;
    if (isServiceToken(config, claimed)) {
      const claims = isOwn
        ? await verifyOwnToken(token, signingKey, ['exp', 'sub'])
        : await verifyOutsideToken(token);
      return { kind: 'service', claims };
    }
    if (isOwn) {
      const claims = await verifyOwnToken(token, signingKey, ['exp', 'sub', 'sid']);
      return { kind: 'session', claims };
    }
    return { kind: 'outside', claims: await verifyOutsideToken(token) };
  };

  return async (token) => {
    try {
      const verified = await verify(token);
      refuseExpired(verified.claims);
      return verified;
    } catch (error) {
      throw error instanceof errors.JOSEError ? refusalOf(error) : error;
    }
  };
}

/** Decodes the claims without checking the signature. */
function parse(token: string): JWTPayload {
  if (token.length > tokenMaxCharacters)
    throw unauthenticated(
      `The token has more than ${tokenMaxCharacters} characters. Send a shorter one.`,
    );
  return decodeJwt(token);
}
