import type { UserFieldsFragment } from '@causerie/client';
import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

export type User = UserFieldsFragment;

const roleKey = 'causerie.role';
let session = causerie.session;

/** Who is signed in, as they are now; null when nobody is. */
export const viewer = signal(session && withLastRole(session.user));

/** A session says which role one had when it was last refreshed; we may have heard of another since. */
function withLastRole(user: User): User {
  const [id, role] = localStorage.getItem(roleKey)?.split(' ') ?? [];
  return id === user.id && (role === 'ADMIN' || role === 'USER') ? { ...user, role } : user;
}

function take(user: User | null): void {
  if (user) localStorage.setItem(roleKey, `${user.id} ${user.role}`);
  else localStorage.removeItem(roleKey);
  const known = viewer.value;
  if (user?.id !== known?.id || user?.displayName !== known?.displayName || user?.role !== known?.role) viewer.value = user;
}

function read(): void {
  if (causerie.session === session) return;
  session = causerie.session;
  take(session?.user ?? null);
}

causerie.onSession(read);
// Another tab signed in or out.
addEventListener('storage', read);

// Whose role changes is disconnected, and finds out when they are back.
causerie.onConnection(({ status }) => {
  if (status !== 'connected') return;
  causerie.viewer().then((user) => user && user.id === viewer.value?.id && take(user), () => {});
});
