import { signal } from '@preact/signals';
import type { User } from './session.ts';

/** The person whose card is open. Of a mention, only the id and the username are known. */
export type KnownPerson = Pick<User, 'id' | 'username'> & Partial<User>;

export const shownPerson = signal<KnownPerson | undefined>(undefined);
