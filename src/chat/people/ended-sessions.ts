import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';

/** The sessions whose tokens would still pass but for the session's end. What every node knows, so that no request asks the database. */
export interface EndedSessions {
  has(sessionId: string): boolean;
  add(sessionId: string): void;
  /** Reads those that ended before this node could hear of it. */
  load(): Promise<void>;
}

/** For clocks that differ, and for a token signed while its session ended. */
const marginMs = 60_000;

export function createEndedSessions({ limits }: Config, { prisma }: Database): EndedSessions {
  const keepMs = Math.max(limits.accessTokenMs, limits.guestTokenMs) + marginMs;
  /** When to forget them, in the order in which they came. */
  const ended = new Map<string, number>();
  const forget = () => {
    for (const [sessionId, until] of ended) {
      if (until > Date.now()) return;
      ended.delete(sessionId);
    }
  };
  const add = (sessionId: string) => {
    forget();
    if (!ended.has(sessionId)) ended.set(sessionId, Date.now() + keepMs);
  };
  return {
    has: (sessionId) => ended.has(sessionId),
    add,
    async load() {
      const since = (ms: number) => ({ gt: new Date(Date.now() - ms - marginMs) });
      const sessions = await prisma.session.findMany({
        where: {
          OR: [
            { endedAt: since(limits.accessTokenMs) },
            { endedAt: since(limits.guestTokenMs), user: { isGuest: true } },
          ],
        },
        select: { id: true },
      });
      for (const { id } of sessions) add(id);
    },
  };
}
