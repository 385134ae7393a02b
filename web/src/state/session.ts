import type { UserFieldsFragment } from '@causerie/client';
import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

export type User = UserFieldsFragment;

/** Who is signed in, as far as we heard; null when nobody is. */
export const viewer = signal<User | null>(causerie.session?.user ?? null);

function read(): void {
  const user = causerie.session?.user ?? null;
  if (JSON.stringify(user) !== JSON.stringify(viewer.value)) viewer.value = user;
}

causerie.onSession(read);
// Another tab signed in or out.
addEventListener('storage', read);

// Whose role changes is disconnected, and finds out when they are back.
causerie.onConnection(({ status }) => {
  if (status === 'connected' && causerie.session) causerie.viewer().catch(() => {});
});
