import { createLoader } from '../../loaders.ts';
import type { Scope } from '../../scope.ts';
import type { JsonObject } from '../policy/json.ts';
import { isAdmin } from './admin-role.ts';

/** Columns that do not travel with events: few clients select them, and they can be large. */
interface UserDetails {
  /** The `sub` of the user's tokens from the application's issuer. */
  readonly externalId: string | null;
  readonly metadata: JsonObject;
  readonly suspendedUntil: Date | null;
}

/** Reads the details by the id of the user. */
export const userDetails = createLoader<string, UserDetails>(async ({ node }, ids) => {
  const found = await node.database.prisma.user.findMany({
    where: { id: { in: [...ids] } },
    select: { id: true, subject: true, metadata: true, suspendedUntil: true },
  });
  const rows = new Map(found.map((row) => [row.id, row]));
  return ids.map((id) => {
    const row = rows.get(id);
    return {
      externalId: row?.subject ?? null,
      metadata: (row?.metadata ?? {}) as JsonObject,
      suspendedUntil: row?.suspendedUntil ?? null,
    };
  });
});

/** The user's external id, for admins, for services and for the user. Null for everybody else. */
export async function shownExternalId(scope: Scope, userId: string): Promise<string | null> {
  const { service, viewer } = scope;
  const isShown = service || viewer?.id === userId || (viewer && (await isAdmin(scope)));
  return isShown ? (await userDetails.load(scope, userId)).externalId : null;
}

/** The end of the user's suspension, for admins and services. Null if there is none. */
export async function shownSuspension(scope: Scope, userId: string): Promise<Date | null> {
  const isShown = scope.service || (scope.viewer && (await isAdmin(scope)));
  const until = isShown ? (await userDetails.load(scope, userId)).suspendedUntil : null;
  return until && until > new Date() ? until : null;
}
