import { forbidden } from '../../errors.ts';
import { requireViewer, type Scope, type Service, type ServiceScope } from '../../scope.ts';
import { spendAsService } from './allowances.ts';

/** A call of a service, as the audit log shows it. */
export interface ServiceCall {
  /** The name of the operation. */
  readonly action: string;
  /** The user for whom or on whom the service acts, if it is one. */
  readonly userId?: string;
  /** The ids of the objects concerned, as the service passed them. */
  readonly targets: readonly string[];
}

/**
 * Returns the service. UNAUTHENTICATED without a token, FORBIDDEN for users, and for service tokens
 * that lack the scope.
 */
export function requireService(scope: Scope, needed: ServiceScope): Service {
  const { service } = scope;
  if (!service) {
    requireViewer(scope);
    throw forbidden(`Only backends can do that. Use a service token with the scope \`${needed}\`.`);
  }
  if (!service.scopes.has(needed))
    throw forbidden(
      `This service token lacks the scope \`${needed}\`. Use a token whose \`scope\` contains it.`,
    );
  return service;
}

/**
 * Checks the scope of a service, counts its call and writes it to the audit log, also if the call
 * fails afterwards. Throws like `requireService`, and RATE_LIMITED.
 */
export async function startServiceCall(
  scope: Scope,
  needed: ServiceScope,
  { action, userId, targets }: ServiceCall,
): Promise<Service> {
  const service = requireService(scope, needed);
  await spendAsService(scope, service);
  await scope.node.database.prisma.auditEntry.create({
    data: {
      action,
      service: service.name,
      userId,
      target: describeTargets(targets),
      requestId: scope.requestId,
    },
  });
  return service;
}

const shownTargets = 20;
const targetMaxCharacters = 300;

/** The first targets, and the number of the others. Null if there are none. */
function describeTargets(targets: readonly string[]): string | null {
  if (targets.length === 0) return null;
  const shown = targets
    .slice(0, shownTargets)
    .map((target) => target.slice(0, targetMaxCharacters).replaceAll('\0', ''))
    .join(' ');
  const others = targets.length - shownTargets;
  return others > 0 ? `${shown} and ${others} more` : shown;
}
