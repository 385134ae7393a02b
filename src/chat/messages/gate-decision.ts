import { z } from 'zod';
import { Refusal } from '../../errors.ts';
import type { Scope } from '../../scope.ts';
import { checkJson } from '../policy/json.ts';
import { isText, isVisible } from '../policy/text.ts';
import { prepareBody } from './body.ts';

const refusalMaxCharacters = 500;

const decisions = z.discriminatedUnion('action', [
  z.object({ action: z.literal('allow') }),
  z.object({
    action: z.literal('rewrite'),
    body: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  }),
  // A refusal counts whatever its text is.
  z.object({ action: z.literal('refuse'), message: z.string().optional().catch(undefined) }),
]);

export type GateDecision = z.output<typeof decisions>;

/**
 * The decision in an answer. Throws if it has another form, or if a rewritten message breaks the
 * rules for texts of users.
 */
export function parseDecision(scope: Scope, answer: unknown, mayBeEmpty: boolean): GateDecision {
  const decision = decisions.parse(answer);
  if (decision.action !== 'rewrite') return decision;
  const { body, metadata, ...rewrite } = decision;
  return {
    ...rewrite,
    ...(body !== undefined && { body: prepareBody(scope, body, { mayBeEmpty }) }),
    ...(metadata && { metadata: checkJson(metadata, 'metadata') }),
  };
}

/** Why an answer is no decision. Contains nothing of a message. */
export function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return 'The answer of the gate does not have the documented form.';
  if (error instanceof Refusal)
    return `The gate rewrote \`${String(error.extensions.field)}\` to a value that is not valid.`;
  return (error as Error).message;
}

/** The text of a refusal for the sender. */
export function refusalText(text = ''): string {
  const shown = [...text.trim()].slice(0, refusalMaxCharacters).join('');
  return isText(shown) && isVisible(shown) ? shown : 'This message is not allowed here.';
}
