import type { UserFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';

type User = UserFieldsFragment;

/** The members of a room who are online, by id; null until they are loaded. */
export function followPresence(
  roomId: string,
  ended: AbortSignal,
): ReadonlySignal<ReadonlyMap<string, User> | null> {
  const online = signal<ReadonlyMap<string, User> | null>(null);
  void followAll(causerie.roomPresence({ roomId }, { signal: ended }), ended, (event) => {
    if (event.__typename === 'PresenceSnapshot') {
      online.value = new Map(event.users.map((user) => [user.id, user]));
      return;
    }
    const next = new Map(online.value);
    if (event.__typename === 'UserCameOnline') next.set(event.user.id, event.user);
    else next.delete(event.user.id);
    online.value = next;
  });
  return online;
}

/**
 * The clocks of the server and the browser may differ. So typing is shown for at least and at most
 * this long, whatever its `expiresAt`.
 */
const minTypingMs = 2000;
const maxTypingMs = 10_000;

/**
 * The users who are typing in a conversation. Each is removed at expiry, even if no event says so.
 */
export function followTyping(
  conversationId: string,
  ended: AbortSignal,
): ReadonlySignal<readonly User[]> {
  const typists = signal<readonly User[]>([]);
  const timers = new Map<string, ReturnType<typeof setTimeout>>();
  const remove = (id: string) =>
    void (typists.value = typists.value.filter((user) => user.id !== id));
  void followAll(
    causerie.typing({ conversationId }, { signal: ended }),
    ended,
    ({ user, isTyping, expiresAt }) => {
      clearTimeout(timers.get(user.id));
      remove(user.id);
      if (!isTyping) return;
      typists.value = [...typists.value, user];
      const leftMs = Date.parse(expiresAt) - Date.now();
      const shownMs = Math.min(maxTypingMs, Math.max(minTypingMs, leftMs));
      timers.set(
        user.id,
        setTimeout(() => remove(user.id), shownMs),
      );
    },
  );
  ended.addEventListener('abort', () => timers.forEach(clearTimeout));
  return typists;
}
