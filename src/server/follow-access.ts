import type { Authenticator } from '../chat/people/authenticator.ts';
import type { Entry, Feed } from '../live/feed.ts';
import type { Log } from '../log.ts';
import type { Connections } from './connections.ts';

interface Parts {
  /** The feed of `accessTopic`. */
  readonly access: Feed;
  readonly authenticator: Authenticator;
  readonly connections: Connections;
  readonly drainMs: number;
  readonly log: Log;
}

/**
 * Closes connections whose session, user or role has ended or whose user is suspended, on whichever
 * node that happened [P10].
 */
export function followAccess({ access, authenticator, connections, drainMs, log }: Parts): void {
  access.listen((fresh) => {
    if (fresh.length === 0) checkEverybodyAgain();
    for (const { event } of fresh) apply(event);
  });

  function apply(event: Entry): void {
    if (event.type === 'SessionEnded') {
      authenticator.sessionEnded(event.data.sessionId);
      connections.endSession(event.data.sessionId);
    } else if (event.type === 'UserRemoved') {
      authenticator.userRemoved(event.data.userId);
      connections.endUser(event.data.userId);
    } else if (event.type === 'DeskChanged') {
      authenticator.userChanged(event.data.userId);
      connections.renewUser(event.data.userId);
    } else if (event.type === 'SuspensionChanged') {
      authenticator.userChanged(event.data.userId);
      if (event.data.isSuspended) connections.endUser(event.data.userId, 'suspended');
    }
  }

  /**
   * After a restore the log has another history, so sessions may have ended without an event. All
   * clients reconnect and authenticate.
   */
  function checkEverybodyAgain(): void {
    authenticator
      .load()
      .catch((error: Error) =>
        log.warn({ error: error.message }, 'loading the ended sessions failed'),
      );
    void connections.drain(drainMs);
  }
}
