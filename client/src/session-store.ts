import type { SessionFieldsFragment } from './generated/operations.ts';

export type Session = SessionFieldsFragment;

/** Stores a session. */
export interface SessionStore {
  /** Returns the same object until the session changes. */
  read(): Session | null;
  /**
   * `read` returns the new session at once. `readLatest` returns it in every program after the
   * result has resolved.
   */
  write(session: Session | null): void | Promise<void>;
  /**
   * For stores that several programs share, where `read` may lag behind another program's `write`.
   */
  readLatest?(): Promise<Session | null>;
}

/** Stores the session in memory, until the program ends. */
export function memorySession(): SessionStore {
  let current: Session | null = null;
  return { read: () => current, write: (session) => void (current = session) };
}

/**
 * Stores the session in the browser, for all tabs. A refresh token can be used only once, but
 * localStorage may not yet show what another tab has just written. So the session is stored in
 * IndexedDB too, which is slower, but the same for all tabs.
 */
export function browserSession(key = 'causerie.session'): SessionStore {
  let text: string | null = null;
  let current: Session | null = null;

  function read(): Session | null {
    const stored = localStorage.getItem(key);
    if (stored !== text) {
      text = stored;
      current = JSON.parse(stored ?? 'null');
    }
    return current;
  }

  return {
    read,
    async write(session) {
      if (session) localStorage.setItem(key, JSON.stringify(session));
      else localStorage.removeItem(key);
      try {
        await inDatabase('readwrite', (sessions) => sessions.put(session, key));
      } catch {
        // Private windows of some browsers have no IndexedDB. Then tabs share localStorage only.
      }
    },
    async readLatest() {
      try {
        const session = await inDatabase<Session | null | undefined>('readonly', (sessions) =>
          sessions.get(key),
        );
        return session === undefined ? read() : session;
      } catch {
        return read();
      }
    },
  };
}

async function inDatabase<Result>(
  mode: IDBTransactionMode,
  work: (sessions: IDBObjectStore) => IDBRequest,
): Promise<Result> {
  const opening = indexedDB.open('causerie', 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore('sessions');
  const database = await resultOf<IDBDatabase>(opening);
  try {
    const transaction = database.transaction('sessions', mode);
    const result = await resultOf<Result>(work(transaction.objectStore('sessions')));
    await new Promise<void>((resolve, reject) => {
      transaction.oncomplete = () => resolve();
      transaction.onabort = () => reject(transaction.error);
    });
    return result;
  } finally {
    database.close();
  }
}

const resultOf = <Result>(request: IDBRequest): Promise<Result> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result as Result);
    request.onerror = () => reject(request.error);
  });
