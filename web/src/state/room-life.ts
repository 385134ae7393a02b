import type { UserFieldsFragment } from '@causerie/client';
import { signal, type ReadonlySignal } from '@preact/signals';
import { causerie } from '../causerie.ts';
import { followAll } from './follow-all.ts';

type User = UserFieldsFragment;

/** Who is online in a room, by id; null until it is known. */
export function followPresence(
  roomId: string,
  ended: AbortSignal,
): ReadonlySignal<ReadonlyMap<string, User> | null> {
  const online = signal<ReadonlyMap<string, User> | null>(null);
  void followAll(causerie.roomPresence({ roomId }, { signal: ended }), ended, (event) => {
    if (event.__typename === 'PresenceSnapshot')
      return void (online.value = new Map(event.users.map((user) => [user.id, user])));
    const next = new Map(online.value);
    if (event.__typename === 'UserCameOnline') next.set(event.user.id, event.user);
    else next.delete(event.user.id);
    online.value = next;
  });
  return online;
}

/** The clock of the server may be another: what was told to end in the past, by ours, still lasts a while. */
const leastMs = 2000;
const mostMs = 10_000;

/** Who is typing in a conversation. Each is taken away when it is time, whether it is told or not. */
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
      timers.set(
        user.id,
        setTimeout(() => remove(user.id), Math.min(mostMs, Math.max(leastMs, leftMs))),
      );
    },
  );
  ended.addEventListener('abort', () => timers.forEach(clearTimeout));
  return typists;
}
