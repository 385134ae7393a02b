import type { UserFieldsFragment } from '@causerie/client';
import { signal } from '@preact/signals';
import { causerie } from '../causerie.ts';

export type User = UserFieldsFragment;

/** The user who is signed in; null if nobody is. */
export const viewer = signal<User | null>(causerie.session?.user ?? null);

function update(): void {
  const user = causerie.session?.user ?? null;
  if (JSON.stringify(user) !== JSON.stringify(viewer.value)) viewer.value = user;
}

causerie.onSession(update);
// The user signed in or out in another tab.
addEventListener('storage', update);

// The server closes the connections of a user whose role changes. So the role is loaded after each
// reconnection.
causerie.onConnection(({ status }) => {
  if (status === 'connected' && causerie.session) causerie.viewer().catch(() => {});
});
