import type { Scope } from './scope.ts';

/**
 * Whoever a bound is counted for: a user or a backend; for guests and clients without a token their
 * address, because anybody can make guests [P13].
 */
export function holderOf({ viewer, service, address }: Scope): string {
  if (service) return service.id;
  if (!viewer) return `anonymous ${address}`;
  return viewer.isGuest ? `guests ${address}` : viewer.id;
}
