import { isCauserieError, refusal } from './errors.ts';
import type { Session, SessionStore } from './session-store.ts';
import { lifetimeOf, type Tokens } from './tokens.ts';

export interface Sessions extends Tokens {
  /** The stored session; null if nobody is signed in. */
  readonly current: Session | null;
  /**
   * Stores a session. `current` returns it at once; other tabs see it when the result has resolved.
   */
  store(session: Session | null): Promise<void>;
  /** Updates the user in the session, if it is the one who is signed in. */
  updateUser(user: Session['user']): Promise<void>;
}

const marginMs = 30_000;

/**
 * The tokens of a stored session. A token that is about to expire is refreshed, once for all
 * requests in all tabs.
 */
export function createSessions(
  store: SessionStore,
  refresh: (refreshToken: string) => Promise<Session>,
  changed: (session: Session | null) => void,
): Sessions {
  /** How far the server's clock is ahead of the local one. */
  let aheadMs = 0;
  let refreshing: Promise<string | undefined> | undefined;

  async function save(session: Session | null): Promise<void> {
    const lifetime = session && lifetimeOf(session.accessToken);
    if (lifetime?.from) aheadMs = lifetime.from - Date.now();
    const written = store.write(session);
    changed(session);
    await written;
  }

  /**
   * Whether the token is valid for another 30 s, or for a fifth of its lifetime if that is less.
   */
  function isFresh({ accessToken, expiresAt }: Session): boolean {
    const lifetime = lifetimeOf(accessToken);
    const to = lifetime?.to ?? Date.parse(expiresAt);
    const lifetimeMs = to - (lifetime?.from ?? -Infinity);
    return to - (Date.now() + aheadMs) > Math.min(marginMs, lifetimeMs / 5);
  }

  const latest = () => (store.readLatest ? store.readLatest() : store.read());

  /**
   * If another tab has used the refresh token, takes the session that it stored. If a refresh was
   * not answered, its token is used again.
   */
  async function renew(spent: Session): Promise<string | undefined> {
    const stored = await latest();
    if (!stored) {
      await save(null);
      return undefined;
    }
    if (isLater(stored, spent)) return stored.accessToken;
    try {
      const session = await refresh(spent.refreshToken!);
      await save(session);
      return session.accessToken;
    } catch (error) {
      if (!isCauserieError(error) || error.code !== 'UNAUTHENTICATED') throw error;
      await save(null);
      throw refusal('UNAUTHENTICATED', 'Your session has ended. Sign in again.', {}, error);
    }
  }

  return {
    isFixed: false,
    get current() {
      return store.read();
    },
    store: save,
    async updateUser({ id, username, displayName, avatarUrl, role, isGuest, isBot }) {
      const user = { id, username, displayName, avatarUrl, role, isGuest, isBot };
      const isOutdated = (session: Session | null): session is Session =>
        session?.user.id === id && JSON.stringify(session.user) !== JSON.stringify(user);
      if (!isOutdated(store.read())) return;
      await withLock(async () => {
        const stored = await latest();
        if (isOutdated(stored)) await save({ ...stored, user });
      });
    },
    async get(refused) {
      const session = store.read();
      if (!session) return undefined;
      const isUsable = session.accessToken !== refused && isFresh(session);
      if (isUsable || !session.refreshToken) return session.accessToken;
      refreshing ??= withLock(() => renew(session)).finally(() => (refreshing = undefined));
      return refreshing;
    },
  };
}

/** A tab that was closed while it wrote may leave an earlier session behind. */
function isLater(one: Session, other: Session): boolean {
  if (one.accessToken === other.accessToken) return false;
  const isEarlier =
    Number(lifetimeOf(one.accessToken)?.from) < Number(lifetimeOf(other.accessToken)?.from);
  return !isEarlier;
}

/** Does the work while no other tab does. */
function withLock<Result>(work: () => Promise<Result>): Promise<Result> {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? (locks.request('causerie.session', work) as Promise<Result>) : work();
}
