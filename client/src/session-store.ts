import type { SessionFieldsFragment } from './generated/operations.ts';

export type Session = SessionFieldsFragment;

/** Where a session is kept. */
export interface SessionStore {
  /** The same session is the same object. */
  read(): Session | null;
  /** It is read from now on here, and, once what is returned has resolved, by `readLatest` everywhere. */
  write(session: Session | null): void | Promise<void>;
  /** For stores that several programs share, where `read` may lag behind another's `write`. */
  readLatest?(): Promise<Session | null>;
}

/** Kept while the program runs. */
export function memorySession(): SessionStore {
  let held: Session | null = null;
  return { read: () => held, write: (session) => void (held = session) };
}

/**
 * Kept in the browser, for all its tabs. What another tab has just written to localStorage may not be there yet, and a refresh token is used
 * once; so the session is in IndexedDB, too, which is slower, and the same for all.
 */
export function browserSession(key = 'causerie.session'): SessionStore {
  let text: string | null = null;
  let held: Session | null = null;
  const read = () => {
    const kept = localStorage.getItem(key);
    if (kept !== text) [text, held] = [kept, JSON.parse(kept ?? 'null')];
    return held;
  };
  return {
    read,
    write(session) {
      if (session) localStorage.setItem(key, JSON.stringify(session));
      else localStorage.removeItem(key);
      return inDatabase('readwrite', (sessions) => sessions.put(session, key)).then(
        () => {},
        () => {},
      );
    },
    // Some browsers have no such database when nothing is to be left behind.
    readLatest: () =>
      inDatabase<Session | null | undefined>('readonly', (sessions) => sessions.get(key)).then(
        (session) => (session === undefined ? read() : session),
        read,
      ),
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
