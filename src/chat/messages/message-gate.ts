import { forbidden, unavailable } from '../../errors.ts';
import { createFairTurns } from '../../fair-turns.ts';
import { createGateClient } from '../../gateway/gate-client.ts';
import { outsideTurn, requireViewer, type NodeCore, type Scope } from '../../scope.ts';
import { createGateAuthors } from './gate-authors.ts';
import { parseDecision, reasonOf, refusalText, type GateDecision } from './gate-decision.ts';
import { probeText, questionText, type GatedContent, type GateQuestion } from './gate-question.ts';

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

/** Undefined without MESSAGE_GATE_URL. */
export function createMessageGate(node: NodeCore): MessageGate | undefined {
  const { config, log, metrics } = node;
  const { limits, MESSAGE_GATE_URL: url, MESSAGE_GATE_SECRET: secret } = config;
  if (url === undefined) return undefined;
  const timeoutMs = config.MESSAGE_GATE_TIMEOUT_MS;
  const client = createGateClient({
    url,
    secret: secret!,
    timeoutMs,
    probe: probeText,
    limits,
    log,
    metrics,
  });
  const turns = createFairTurns({
    name: 'gate',
    metrics,
    running: limits.gateQuestions,
    runningPerHolder: 1,
    waiting: limits.gateWaiting,
    refusalOf: tooMany,
  });

  const authors = createGateAuthors(node.database.query);

  /** Undefined if the gate does not decide. */
  async function decide(scope: Scope, question: GateQuestion): Promise<GateDecision | undefined> {
    const text = await questionText(scope, authors, question);
    try {
      return parseDecision(scope, await client.ask(text), question.attachmentIds.length > 0);
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
      const decision = await decide(scope, question);
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

const undecided = () =>
  unavailable(
    'Messages cannot be checked at the moment, so yours was not stored. Try again shortly.',
  );

const tooMany = () =>
  unavailable(
    'Too many messages are being checked at the moment, so yours was not stored. Try again shortly.',
  );
