import { z } from 'zod';
import { createFairTurns } from '../../fair-turns.ts';
import { forbidden, Refusal, unavailable } from '../../errors.ts';
import { createGateClient } from '../../gateway/gate-client.ts';
import { outsideTurn, requireViewer, type NodeCore, type Scope } from '../../scope.ts';
import { checkJson, type JsonObject } from '../policy/json.ts';
import { isText, isVisible } from '../policy/text.ts';
import { prepareBody } from './body.ts';
import type { GatedConversation } from './gated-conversation.ts';

/** The part of a message that the gate may rewrite. */
export interface GatedContent {
  readonly body: string;
  readonly metadata: JsonObject;
}

/** A message that the viewer wants to store, or an edit of it. */
export interface GateQuestion extends GatedContent {
  readonly type: 'BeforeMessageSent' | 'BeforeMessageEdited';
  /** Null for a new message. */
  readonly id: string | null;
  readonly replyToId: string | null;
  readonly attachmentIds: readonly string[];
  readonly conversation: GatedConversation;
}

/** Asks the application before a message of a user is stored or edited. */
export interface MessageGate extends Disposable {
  /** Whether the application does not answer, so that it is not asked at the moment. */
  readonly isAway: boolean;
  /**
   * Runs the work in the viewer's turn at the gate, and outside the turn of the operation. The
   * messages of one user are asked about one after another, so they keep their order, and one user
   * never keeps others waiting [P13].
   */
  inTurn<Result>(scope: Scope, work: () => Promise<Result>): Promise<Result>;
  /**
   * The rewritten fields; none if the gate allows the message as it is. FORBIDDEN with the text of
   * the gate if it refuses. UNAVAILABLE if it does not answer and MESSAGE_GATE_ON_FAILURE is
   * `refuse`.
   */
  review(scope: Scope, question: GateQuestion): Promise<Partial<GatedContent>>;
}

declare module '../../scope.ts' {
  interface Services {
    /** Undefined without MESSAGE_GATE_URL. */
    readonly messageGate: MessageGate | undefined;
  }
}

/** The gate of the application; undefined if the settings name none, and for services. */
export const gateFor = ({ node, service }: Scope): MessageGate | undefined =>
  service ? undefined : node.services.messageGate;

const refusalMaxCharacters = 500;

const answers = z.discriminatedUnion('action', [
  z.object({ action: z.literal('allow') }),
  z.object({
    action: z.literal('rewrite'),
    body: z.string().optional(),
    metadata: z.record(z.string(), z.unknown()).optional(),
  }),
  // A refusal counts whatever its text is.
  z.object({ action: z.literal('refuse'), message: z.string().optional().catch(undefined) }),
]);

type Decision = z.output<typeof answers>;

/** Undefined without MESSAGE_GATE_URL. */
export function createMessageGate(node: NodeCore): MessageGate | undefined {
  const { config, log, metrics } = node;
  const { limits, MESSAGE_GATE_URL: url, MESSAGE_GATE_SECRET: secret } = config;
  if (url === undefined) return undefined;
  const timeoutMs = config.MESSAGE_GATE_TIMEOUT_MS;
  const client = createGateClient({ url, secret: secret!, timeoutMs, limits, log, metrics });
  const turns = createFairTurns({
    name: 'gate',
    metrics,
    running: limits.gateQuestions,
    runningPerHolder: 1,
    waiting: limits.gateWaiting,
    refusalOf: tooMany,
  });

  /** Undefined if the gate does not decide. */
  async function decide(
    scope: Scope,
    text: string,
    mayBeEmpty: boolean,
  ): Promise<Decision | undefined> {
    try {
      const decision = answers.parse(await client.ask(requireViewer(scope).id, text));
      return decision.action === 'rewrite' ? checkRewritten(scope, decision, mayBeEmpty) : decision;
    } catch (error) {
      log.warn({ reason: reasonOf(error) }, 'the message gate did not decide');
      return undefined;
    }
  }

  return {
    get isAway() {
      return client.isAway;
    },
    inTurn: (scope, work) =>
      outsideTurn(scope, () => turns.run({ holder: requireViewer(scope).id }, work)),
    async review(scope, question) {
      const mayBeEmpty = question.attachmentIds.length > 0;
      const decision = await decide(scope, await textOf(scope, question), mayBeEmpty);
      metrics.gateDecisions.inc({ outcome: decision?.action ?? 'failed' });
      if (!decision && config.MESSAGE_GATE_ON_FAILURE === 'refuse') throw undecided();
      if (decision?.action === 'refuse') throw forbidden(refusalText(decision.message));
      if (decision?.action !== 'rewrite') return {};
      const { body, metadata } = decision;
      return { ...(body !== undefined && { body }), ...(metadata && { metadata }) };
    },
    [Symbol.dispose]: () => client[Symbol.dispose](),
  };
}

/** The question as the gate receives it. Its names are those of webhooks. */
async function textOf(scope: Scope, question: GateQuestion): Promise<string> {
  const { type, conversation, attachmentIds, ...message } = question;
  const [author, attachments] = await Promise.all([
    authorOf(scope),
    attachmentsOf(scope, attachmentIds),
  ]);
  return JSON.stringify({
    type,
    timestamp: new Date().toISOString(),
    data: {
      conversationId: conversation.id,
      message: { ...message, attachments, author, conversation },
    },
  });
}

async function authorOf(scope: Scope) {
  const { id, username, isGuest, isBot } = requireViewer(scope);
  const found = await scope.node.database.prisma.user.findUnique({
    where: { id },
    select: { subject: true, displayName: true },
  });
  const { subject = null, displayName = '' } = found ?? {};
  return { id, externalId: subject, username, displayName, isGuest, isBot };
}

/** The viewer's files among these. Others are refused when the message is stored. */
async function attachmentsOf(scope: Scope, ids: readonly string[]) {
  if (ids.length === 0) return [];
  const found = await scope.node.database.prisma.file.findMany({
    where: { id: { in: [...ids] }, ownerId: requireViewer(scope).id },
    select: { id: true, fileName: true, contentType: true, sizeBytes: true },
  });
  return found.toSorted((one, other) => ids.indexOf(one.id) - ids.indexOf(other.id));
}

/** A rewritten message follows the same rules as the texts of users. Throws INVALID. */
function checkRewritten(
  scope: Scope,
  { body, metadata, ...decision }: Extract<Decision, { action: 'rewrite' }>,
  mayBeEmpty: boolean,
): Decision {
  return {
    ...decision,
    ...(body !== undefined && { body: prepareBody(scope, body, { mayBeEmpty }) }),
    ...(metadata && { metadata: checkJson(metadata, 'metadata') }),
  };
}

/** Contains nothing of a message. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return 'The answer of the gate does not have the documented form.';
  if (error instanceof Refusal)
    return `The gate rewrote \`${String(error.extensions.field)}\` to a value that is not valid.`;
  return (error as Error).message;
}

function refusalText(text = ''): string {
  const shown = [...text.trim()].slice(0, refusalMaxCharacters).join('');
  return isText(shown) && isVisible(shown) ? shown : 'This message is not allowed here.';
}

const undecided = () =>
  unavailable(
    'Messages cannot be checked at the moment, so yours was not stored. Try again shortly.',
  );

const tooMany = () =>
  unavailable(
    'Too many messages are being checked at the moment, so yours was not stored. Try again shortly.',
  );
