import type { UserFieldsFragment } from '@causerie/client';
import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

export type User = UserFieldsFragment;

let session = causerie.session;

/** Who is signed in, as they are now; null when nobody is. */
export const viewer = signal<User | null>(session?.user ?? null);

function take(user: User | null): void {
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

// A session says who one was when it was last refreshed. Whose role changes is disconnected, and finds out when they are back.
causerie.onConnection(({ status }) => {
  if (status !== 'connected') return;
  causerie.viewer().then((user) => user && user.id === viewer.value?.id && take(user), () => {});
});
