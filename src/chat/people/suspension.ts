import type { Prisma } from '../../db/generated/client.ts';
import { Refusal } from '../../errors.ts';

/** The suspension of a user. It may have ended. */
export interface Suspension {
  /** Null if the user was never suspended, or the suspension was lifted. */
  readonly suspendedUntil: Date | null;
  /** The text of the admin or the backend. */
  readonly suspensionReason: string | null;
}

export const suspensionColumns = {
  suspendedUntil: true,
  suspensionReason: true,
} satisfies Prisma.UserSelect;

/** The end of a permanent suspension. */
export const noEnd = new Date('9999-12-31T23:59:59.999Z');

const isPermanent = (end: Date): boolean => end.getTime() === noEnd.getTime();

export const isSuspended = ({ suspendedUntil }: Suspension): boolean =>
  suspendedUntil !== null && suspendedUntil > new Date();

/** Refuses a suspended user, with the end and the reason. */
export function refuseSuspended({ suspendedUntil, suspensionReason }: Suspension): Refusal {
  const until = suspendedUntil && !isPermanent(suspendedUntil) ? suspendedUntil : null;
  const end = until ? ` until ${until.toISOString()}` : '';
  const why = suspensionReason ? ` Reason: ${suspensionReason}.` : '';
  return new Refusal('UNAUTHENTICATED', `Your account is suspended${end}.${why}`, {
    reason: 'SUSPENDED',
    until,
    explanation: suspensionReason,
  });
}
