import {
  errors,
  jwtVerify,
  type JWTPayload,
  type JWTVerifyGetKey,
  type JWTVerifyOptions,
} from 'jose';
import type { Config } from '../../config.ts';
import type { Log } from '../../log.ts';
import { createIssuerKeys } from './issuer-keys.ts';
import { clockSkewSeconds } from './token-times.ts';

const asymmetric = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];

/**
 * Verifies a token of the application's issuer, except whether it has just expired. Throws the
 * errors of jose, or UNAVAILABLE while the issuer's keys cannot be read.
 */
export type VerifyOutsideToken = (token: string) => Promise<JWTPayload>;

/**
 * With JWKS_URL, tokens are verified with the issuer's public keys. Otherwise they are verified
 * with ISSUER_SECRET, or with the key of this server if the issuer shares it. The token never
 * chooses: otherwise an attacker could use a public key as the secret.
 */
export function createOutsideTokens(
  config: Config,
  signingKey: Uint8Array,
  log: Log,
): VerifyOutsideToken {
  const claims = {
    issuer: config.JWT_ISSUER,
    audience: config.JWT_AUDIENCE,
    requiredClaims: ['exp', 'sub'],
    clockTolerance: clockSkewSeconds,
  };
  const secret = config.ISSUER_SECRET ? new TextEncoder().encode(config.ISSUER_SECRET) : signingKey;
  if (!config.JWKS_URL)
    return async (token) =>
      (await jwtVerify(token, secret, { ...claims, algorithms: ['HS256'] })).payload;
  if (!config.JWT_AUDIENCE)
    log.warn(
      'JWKS_URL is set without JWT_AUDIENCE: tokens that your issuer makes for other applications are accepted too',
    );
  if (!config.JWT_ISSUER)
    log.warn(
      'JWKS_URL is set without JWT_ISSUER: tokens of every issuer that uses these keys are accepted. Users of different issuers stay separate, but ADMIN_SUBJECTS and JWT_ADMIN_CLAIM apply to all of them',
    );
  const keys = createIssuerKeys(new URL(config.JWKS_URL), log);
  return (token) => verifyByKeys(token, keys, { ...claims, algorithms: asymmetric });
}

/** A token without a key id is verified with each key that may fit. */
async function verifyByKeys(
  token: string,
  keys: JWTVerifyGetKey,
  options: JWTVerifyOptions,
): Promise<JWTPayload> {
  try {
    return (await jwtVerify(token, keys, options)).payload;
  } catch (error) {
    if (!(error instanceof errors.JWKSMultipleMatchingKeys)) throw error;
    for await (const key of error) {
      const verified = await jwtVerify(token, key, options).catch((failure: unknown) => {
        if (!(failure instanceof errors.JWSSignatureVerificationFailed)) throw failure;
      });
      if (verified) return verified.payload;
    }
    throw new errors.JWSSignatureVerificationFailed();
  }
}
