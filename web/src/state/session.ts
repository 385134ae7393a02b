import type { UserFieldsFragment } from '@causerie/client';
import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

export type User = UserFieldsFragment;

/** Who is signed in; null when nobody is. */
export const viewer = signal<User | null>(causerie.session?.user ?? null);

function read(): void {
  const user = causerie.session?.user ?? null;
  if (user?.id !== viewer.value?.id || user?.displayName !== viewer.value?.displayName) viewer.value = user;
}

causerie.onSession(read);
// Another tab signed in or out.
addEventListener('storage', read);
