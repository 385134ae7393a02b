import type { JWTPayload } from 'jose';
import { LRUCache } from 'lru-cache';
import { transact } from '../../events/transactions.ts';
import type { Node } from '../../scope.ts';
import { roleOfClaims } from './admins.ts';
import { outsideUserColumns, type OutsideUserRow } from './outside-users.ts';

/**
 * Applies the role in a token to its user [P14]. Of two tokens the newer one counts. Each token
 * changes the role at most once, so that two devices with different tokens do not change it back
 * and forth.
 */
export function createOutsideRoles(node: Node) {
  const appliedTokens = new LRUCache<string, true>({ max: 10_000 });

  return async (
    token: string,
    user: OutsideUserRow,
    claims: JWTPayload,
  ): Promise<OutsideUserRow> => {
    const role = roleOfClaims(node.config, claims, user.assignedRole);
    const claimsAt = issuedAt(claims);
    if (user.role === role || (user.claimsAt && user.claimsAt > claimsAt)) return user;
    const signature = token.slice(token.lastIndexOf('.') + 1);
    if (appliedTokens.has(signature)) return user;
    const changed = await transact(node, async (transaction, record) => {
      const [fresh] = await transaction.user.updateManyAndReturn({
        where: {
          id: user.id,
          deletedAt: null,
          role: user.role,
          OR: [{ claimsAt: null }, { claimsAt: { lte: claimsAt } }],
        },
        data: { role, claimsAt },
        select: outsideUserColumns,
      });
      if (!fresh) return undefined;
      if (role === 'USER') await node.services.loseAdminRole(transaction, record, [user.id]);
      record({ type: 'DeskChanged', data: { userId: user.id } });
      return fresh;
    });
    appliedTokens.set(signature, true);
    return changed ?? user;
  };
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
