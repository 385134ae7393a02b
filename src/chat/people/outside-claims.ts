import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { transact } from '../../events/transactions.ts';
import type { Node, Scope } from '../../scope.ts';
import { roleOfClaims } from './admins.ts';
import {
  claimedProfileOf,
  outsideUserColumns,
  type ClaimedProfile,
  type OutsideUserRow,
} from './outside-users.ts';
import { isOtherProfile, recordUserUpdate } from './users.ts';

/**
 * Applies the claims of a token to its user: the role [P14], and the profile. Of two tokens the
 * newer one counts. Each token changes the user at most once, so that two devices with different
 * tokens do not change it back and forth. A token whose claims are known causes no write.
 */
export function createOutsideClaims(node: Node) {
  const appliedTokens = new LRUCache<string, true>({ max: 10_000 });

  return async (
    scope: Scope,
    token: string,
    user: OutsideUserRow,
    claims: JWTPayload,
  ): Promise<OutsideUserRow> => {
    const claimsAt = issuedAt(claims);
    if (isOutdated(user, claimsAt)) return user;
    const claimed = claimedProfileOf(scope, claims);
    if (roleFor(user) === user.role && isKnown(user, claimed)) return user;
    const signature = token.slice(token.lastIndexOf('.') + 1);
    if (appliedTokens.has(signature)) return user;
    const changed = await apply(claimed.username).catch((error: unknown) => {
      if ((error as { code?: string }).code === 'P2002') return apply(undefined);
      throw error;
    });
    appliedTokens.set(signature, true);
    return changed ?? user;

    function roleFor({ assignedRole }: OutsideUserRow) {
      return roleOfClaims(node.config, claims, assignedRole);
    }

    /** Undefined if a newer token was applied meanwhile. Rejects if the username is taken. */
    function apply(username: string | undefined): Promise<OutsideUserRow | undefined> {
      return transact(node, async (transaction, record) => {
        await transaction.$queryRaw`select from users where id = ${user.id}::uuid for no key update`;
        const current = await transaction.user.findUnique({
          where: { id: user.id, deletedAt: null },
          select: outsideUserColumns,
        });
        if (!current || isOutdated(current, claimsAt)) return undefined;
        const role = roleFor(current);
        const fresh = await transaction.user.update({
          where: { id: user.id },
          data: {
            ...changesOf(current, { ...claimed, username }),
            role,
            claimsAt,
            claimedProfile: { ...knownOf(current), ...claimed },
          },
          select: outsideUserColumns,
        });
        if (role !== current.role) {
          if (role === 'USER') await node.services.loseAdminRole(transaction, record, [user.id]);
          record({ type: 'DeskChanged', data: { userId: user.id } });
        }
        if (isOtherProfile(fresh, current)) recordUserUpdate(record, fresh);
        return fresh;
      });
    }
  };
}

const isOutdated = (user: OutsideUserRow, claimsAt: Date): boolean =>
  user.claimsAt !== null && user.claimsAt > claimsAt;

const knownOf = ({ claimedProfile }: OutsideUserRow) => claimedProfile as ClaimedProfile;

const profileFields = ['username', 'displayName', 'avatarUrl'] as const;

const isKnown = (user: OutsideUserRow, claimed: ClaimedProfile): boolean =>
  profileFields.every(
    (field) => claimed[field] === undefined || claimed[field] === knownOf(user)[field],
  );

/**
 * A claim that differs from that of the last token is a change of the profile, like one by the user
 * or a backend: the last change counts. Without an earlier claim, only what is missing is filled
 * in: a picture, and a display name that is the username.
 */
function changesOf(user: OutsideUserRow, claimed: ClaimedProfile): ClaimedProfile {
  const known = knownOf(user);
  const isMissing = {
    username: false,
    displayName: user.displayName === user.username,
    avatarUrl: user.avatarUrl === null,
  };
  const changed = profileFields.filter((field) =>
    known[field] === undefined ? isMissing[field] : known[field] !== claimed[field],
  );
  return Object.fromEntries(changed.map((field) => [field, claimed[field]]));
}

const latestDate = 8.64e15;

/**
 * When the token was issued, but not in the future. Without `iat` it is `exp`: we assume that such
 * an issuer gives all tokens the same lifetime, so that both have the same order.
 */
export function issuedAt({ iat, exp }: JWTPayload): Date {
  const ms = typeof iat === 'number' ? Math.min(iat * 1000, Date.now()) : exp! * 1000;
  return new Date(Math.max(0, Math.min(ms, latestDate)));
}
