import type { SessionFieldsFragment } from './generated/operations.ts';
import { isCauserieError, refusal } from './errors.ts';
import { lifeOf, type Tokens } from './tokens.ts';

export type Session = SessionFieldsFragment;

/** Where a session is kept. */
export interface SessionStore {
  read(): Session | null;
  write(session: Session | null): void;
}

/** Kept while the program runs. */
export function memorySession(): SessionStore {
  let held: Session | null = null;
  return { read: () => held, write: (session) => void (held = session) };
}

/** Kept in the browser, for all its tabs. The same session is the same object. */
export function browserSession(key = 'causerie.session'): SessionStore {
  let text: string | null = null;
  let held: Session | null = null;
  return {
    read() {
      const kept = localStorage.getItem(key);
      if (kept !== text) [text, held] = [kept, JSON.parse(kept ?? 'null')];
      return held;
    },
    write: (session) => (session ? localStorage.setItem(key, JSON.stringify(session)) : localStorage.removeItem(key)),
  };
}

export interface Sessions extends Tokens {
  /** The session that is kept; null when nobody is signed in. */
  readonly current: Session | null;
  keep(session: Session | null): void;
}

const marginMs = 30_000;

/** The tokens of a session that is kept: refreshed when little is left of them, once for all who ask, in all tabs. */
export function createSessions(store: SessionStore, refresh: (refreshToken: string) => Promise<Session>, changed: (session: Session | null) => void): Sessions {
  /** What the server's clock is ahead of ours. */
  let aheadMs = 0;
  let refreshing: Promise<string | undefined> | undefined;

  function keep(session: Session | null): void {
    const life = session && lifeOf(session.accessToken);
    if (life?.from) aheadMs = life.from - Date.now();
    store.write(session);
    changed(session);
  }

  /** Whether it lasts for a while, or, for a short one, for a fifth of its life. */
  function isFresh({ accessToken, expiresAt }: Session): boolean {
    const life = lifeOf(accessToken);
    const to = life?.to ?? Date.parse(expiresAt);
    return to - (Date.now() + aheadMs) > Math.min(marginMs, (to - (life?.from ?? -Infinity)) / 5);
  }

  /** A refresh token is used once: another tab may have used it, and then has left what followed from it. */
  async function renew(spent: Session): Promise<string | undefined> {
    const kept = store.read();
    if (!kept || kept.accessToken !== spent.accessToken) return kept?.accessToken;
    try {
      const session = await refresh(kept.refreshToken!);
      keep(session);
      return session.accessToken;
    } catch (error) {
      if (!isCauserieError(error) || error.code !== 'UNAUTHENTICATED') throw error;
      keep(null);
      throw refusal('UNAUTHENTICATED', 'The session is over. Sign in again.', {}, error);
    }
  }

  return {
    isFixed: false,
    get current() {
      return store.read();
    },
    keep,
    async get(refused) {
      const session = store.read();
      if (!session) return undefined;
      const isGood = session.accessToken !== refused && isFresh(session);
      if (isGood || !session.refreshToken) return session.accessToken;
      refreshing ??= alone(() => renew(session)).finally(() => (refreshing = undefined));
      return refreshing;
    },
  };
}

/** Does it while no other tab does. */
const alone = <Result>(work: () => Promise<Result>): Promise<Result> => {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? (locks.request('causerie.session', work) as Promise<Result>) : work();
};
