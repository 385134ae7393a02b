import { graphql, useFragment } from './index.ts';
import { EventsDocument, RoomsDocument, SendDocument, type EventsSubscription } from './graphql.ts';

export { EventsDocument, RoomsDocument, SendDocument, graphql, useFragment };

/** Compiles only if each reason has its own type. */
export function reasonOf({ roomMessages: event }: EventsSubscription): string | undefined {
  if (event.__typename === 'MemberLeft') {
    const left: 'LEFT' | 'KICKED' | 'BANNED' = event.leaveReason;
    return left;
  }
  if (event.__typename === 'StreamReset') {
    const reset: 'LOG_TRIMMED' | 'TOO_FAR_BEHIND' | 'UNKNOWN_CURSOR' = event.resetReason;
    return reset;
  }
  return undefined;
}
