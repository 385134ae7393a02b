import type { Config } from '../config.ts';
import { rateLimited, type Refusal } from '../errors.ts';
import { holderOf } from '../holder.ts';
import type { Scope } from '../scope.ts';
import { Allowance } from './allowance.ts';

/**
 * Limits how many values the answers to a user have: the work of their execution [P13]. A backend
 * has no such limit; the rates of services bound its calls.
 */
export interface AnswerAllowance {
  /** Throws a refusal if earlier answers used up the allowance. */
  require(scope: Scope): void;
  /**
   * Counts values of a running operation. Returns a refusal if all running operations of the user
   * together exceed the allowance by as much again.
   */
  charge(scope: Scope, values: number): Refusal | undefined;
}

export function createAnswerAllowance({ limits, RATE_LIMITS }: Config): AnswerAllowance {
  const allowance = new Allowance(limits.answerValuesBurst, limits.answerValuesPerSecond);
  if (RATE_LIMITS === 'off') return { require: () => {}, charge: () => undefined };
  return {
    require(scope) {
      if (scope.service) return;
      const waitMs = allowance.take(holderOf(scope), 0);
      if (waitMs > 0) throw tooManyValues(waitMs);
    },
    charge(scope, values) {
      if (scope.service) return undefined;
      const holder = holderOf(scope);
      return allowance.charge(holder, values)
        ? tooManyValues(allowance.take(holder, 0))
        : undefined;
    },
  };
}

const tooManyValues = (waitMs: number): Refusal =>
  rateLimited(
    `You requested too much data. Try again in ${Math.ceil(waitMs / 1000)} s. Request smaller pages, and only the fields that you use.`,
    waitMs,
  );
