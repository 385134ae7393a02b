import { isCauserieError, refusal } from './errors.ts';
import type { Session, SessionStore } from './session-store.ts';
import { lifeOf, type Tokens } from './tokens.ts';

export interface Sessions extends Tokens {
  /** The session that is kept; null when nobody is signed in. */
  readonly current: Session | null;
  /** It is there at once; when it resolves, for all tabs. */
  keep(session: Session | null): Promise<void>;
  /** Somebody as they are now: if they are signed in, the session says so, too. */
  meet(user: Session['user']): Promise<void>;
}

const marginMs = 30_000;

/** The tokens of a session that is kept: refreshed when little is left of them, once for all who ask, in all tabs. */
export function createSessions(
  store: SessionStore,
  refresh: (refreshToken: string) => Promise<Session>,
  changed: (session: Session | null) => void,
): Sessions {
  /** What the server's clock is ahead of ours. */
  let aheadMs = 0;
  let refreshing: Promise<string | undefined> | undefined;

  async function keep(session: Session | null): Promise<void> {
    const life = session && lifeOf(session.accessToken);
    if (life?.from) aheadMs = life.from - Date.now();
    const written = store.write(session);
    changed(session);
    await written;
  }

  /** Whether it lasts for a while, or, for a short one, for a fifth of its life. */
  function isFresh({ accessToken, expiresAt }: Session): boolean {
    const life = lifeOf(accessToken);
    const to = life?.to ?? Date.parse(expiresAt);
    return to - (Date.now() + aheadMs) > Math.min(marginMs, (to - (life?.from ?? -Infinity)) / 5);
  }

  const latest = () => (store.readLatest ? store.readLatest() : store.read());

  /** Another tab may have used the refresh token, and then has left what followed from it. One whose use was not answered is used again. */
  async function renew(spent: Session): Promise<string | undefined> {
    const kept = await latest();
    if (!kept) {
      await keep(null);
      return undefined;
    }
    if (isLater(kept, spent)) return kept.accessToken;
    try {
      const session = await refresh(spent.refreshToken!);
      await keep(session);
      return session.accessToken;
    } catch (error) {
      if (!isCauserieError(error) || error.code !== 'UNAUTHENTICATED') throw error;
      await keep(null);
      throw refusal('UNAUTHENTICATED', 'The session is over. Sign in again.', {}, error);
    }
  }

  return {
    isFixed: false,
    get current() {
      return store.read();
    },
    keep,
    async meet({ id, username, displayName, avatarUrl, role, isGuest }) {
      const user = { id, username, displayName, avatarUrl, role, isGuest };
      const isNews = (session: Session | null): session is Session =>
        session?.user.id === id && JSON.stringify(session.user) !== JSON.stringify(user);
      if (!isNews(store.read())) return;
      await alone(async () => {
        const kept = await latest();
        if (isNews(kept)) await keep({ ...kept, user });
      });
    },
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

/** A tab that was closed while it wrote leaves an earlier one behind. */
const isLater = (one: Session, other: Session): boolean =>
  one.accessToken !== other.accessToken &&
  !(Number(lifeOf(one.accessToken)?.from) < Number(lifeOf(other.accessToken)?.from));

/** Does it while no other tab does. */
const alone = <Result>(work: () => Promise<Result>): Promise<Result> => {
  const locks = (globalThis.navigator as Navigator | undefined)?.locks;
  return locks ? (locks.request('causerie.session', work) as Promise<Result>) : work();
};
