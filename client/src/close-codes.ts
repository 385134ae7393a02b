import { refusal, type CauserieError } from './errors.ts';
import type { Loss } from './link.ts';

/** The code that it shares with other reasons to come back says less than the reason. */
export const isTokenExpired = ({ code, reason }: Loss): boolean =>
  code === 4403 && reason === 'Token expired';

const unauthorized = 4401;
/** A frame that is too long, and what breaks the protocol: it would be the same again. */
const faults = [1009, 4400, 4406, 4409];

/** Why it would not help to come back; undefined when it would. Too many connections, for one, pass when old ones are noticed to be dead. */
export function refusalOf(loss: Loss, isTokenFixed: boolean): CauserieError | undefined {
  const { code, reason } = loss;
  if (code === unauthorized)
    return refusal('UNAUTHENTICATED', `${reason || 'Unauthorized'}. Sign in again.`);
  if (isTokenExpired(loss) && isTokenFixed)
    return refusal(
      'UNAUTHENTICATED',
      'The token has expired, and there is no other. Give `connect` a function that returns a fresh one.',
      { reason: 'TOKEN_EXPIRED' },
    );
  return faults.includes(code)
    ? refusal('BAD_USER_INPUT', reason || `The connection was closed with ${code}.`)
    : undefined;
}
