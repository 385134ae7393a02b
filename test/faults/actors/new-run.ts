import type { Endpoint } from '../cluster/request.ts';
import type { Run } from './run.ts';

/** A run in which nothing has been done yet. */
export function newRun(
  endpoints: readonly Endpoint[],
  {
    violate,
    received = () => {},
    revoked = () => {},
  }: Pick<Run, 'violate'> & Partial<Pick<Run, 'received' | 'revoked'>>,
): Run {
  const counts = {
    sends: 0,
    repeatedSends: 0,
    events: 0,
    reconnects: 0,
    resets: 0,
    joins: 0,
    leaves: 0,
    expiredTokens: 0,
    pagesOfHistory: 0,
    intrusions: 0,
    closedReaders: 0,
    presence: 0,
  };
  return {
    endpoints,
    attempted: new Set(),
    acknowledged: [],
    pages: [],
    counts,
    violate,
    received,
    revoked,
  };
}
