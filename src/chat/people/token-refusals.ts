import { errors } from 'jose';
import { Refusal, unauthenticated } from '../../errors.ts';
import { clockSkewSeconds } from './token-times.ts';

/** The refusal for a token that jose did not accept. */
export function refusalOf(error: errors.JOSEError): Refusal {
  if (error instanceof errors.JWTExpired)
    return new Refusal(
      'UNAUTHENTICATED',
      'Your access token has expired. Get a new one with refreshSession, or from your issuer, and send it.',
      { reason: 'TOKEN_EXPIRED' },
    );
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'nbf' && error.reason === 'check_failed')
      return new Refusal(
        'UNAUTHENTICATED',
        `The token is not valid yet: its \`nbf\` is more than ${clockSkewSeconds} s ahead of the clock of this server. Try again later, or correct the clock of your issuer.`,
        { reason: 'TOKEN_NOT_YET_VALID' },
      );
    const problem = error.reason === 'missing' ? 'missing' : 'not accepted by this server';
    return unauthenticated(
      `The token's \`${error.claim}\` is ${problem}. Get a token that is made for this server.`,
    );
  }
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported)
    return unauthenticated(
      'The token is signed with an algorithm that this server does not accept. Get a token that is made for this server.',
    );
  if (
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JWKSNoMatchingKey
  )
    return unauthenticated(
      'The token is not signed with a key that this server trusts. Sign in again.',
    );
  return unauthenticated('This is not a valid JWT. Send the access token as you received it.');
}
