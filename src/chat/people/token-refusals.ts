import { errors } from 'jose';
import { Refusal, unauthenticated } from '../../errors.ts';

/** The refusal for a token that jose did not accept. */
export function refusalOf(error: errors.JOSEError): Refusal {
  if (error instanceof errors.JWTExpired)
    return new Refusal(
      'UNAUTHENTICATED',
      'Your access token has expired. Get a new one with refreshSession, or from your issuer, and send it.',
      { reason: 'TOKEN_EXPIRED' },
    );
  if (error instanceof errors.JWTClaimValidationFailed) {
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
