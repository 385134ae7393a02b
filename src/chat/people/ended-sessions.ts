import type { Config } from '../../config.ts';
import type { Database } from '../../db/database.ts';

/**
 * Ended sessions whose access tokens have not expired. Every node keeps them in memory, so that no
 * request asks the database.
 */
export interface EndedSessions {
  has(sessionId: string): boolean;
  add(sessionId: string): void;
  /** Reads the sessions that ended before this node received events. */
  load(): Promise<void>;
}

/** Covers differences between clocks, and a token that is signed while its session ends. */
const marginMs = 60_000;

export function createEndedSessions({ limits }: Config, { prisma }: Database): EndedSessions {
  const keepMs = Math.max(limits.accessTokenMs, limits.guestTokenMs) + marginMs;
  /** When each entry can be deleted, in ms since 1970, oldest entry first. */
  const ended = new Map<string, number>();
  const deleteExpired = () => {
    for (const [sessionId, until] of ended) {
      if (until > Date.now()) return;
      ended.delete(sessionId);
    }
  };
  const add = (sessionId: string) => {
    deleteExpired();
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
