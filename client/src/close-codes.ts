import { refusal, type CauserieError } from './errors.ts';
import type { Loss } from './link.ts';

/** 4403 has several meanings; only the reason tells them apart. */
export const isTokenExpired = ({ code, reason }: Loss): boolean =>
  code === 4403 && reason === 'Token expired';

const unauthorized = 4401;
/** A frame that is too long, or a violation of the protocol: it would happen again. */
const faults = [1009, 4400, 4406, 4409];

/**
 * The error for a loss after which a retry cannot succeed; undefined for any other. Too many
 * connections, for example, passes: the server soon notices dead ones.
 */
export function refusalOf(loss: Loss, isTokenFixed: boolean): CauserieError | undefined {
  const { code, reason } = loss;
  if (code === unauthorized)
    return refusal('UNAUTHENTICATED', `${reason || 'Unauthorized'}. Sign in again.`);
  if (isTokenExpired(loss) && isTokenFixed)
    return refusal(
      'UNAUTHENTICATED',
      'The token has expired. To renew it automatically, pass a function that returns a fresh token as `token` to `connect`.',
      { reason: 'TOKEN_EXPIRED' },
    );
  return faults.includes(code)
    ? refusal('BAD_USER_INPUT', reason || `The server closed the connection with code ${code}.`)
    : undefined;
}
