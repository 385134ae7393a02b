import { v7 as newId } from 'uuid';
import type { Limits } from '../limits.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createCircuitBreaker } from './circuit-breaker.ts';
import { createHttpClient, type Answer } from './http-client.ts';
import { signedHeaders } from './webhook-signature.ts';

/** An answer that decides nothing. The message can be shown to operators. */
export class GateFailure extends Error {
  override readonly name = 'GateFailure';
}

export interface GateClient extends Disposable {
  /**
   * Whether questions are not sent at the moment, because several in a row had no answer.
   */
  readonly isAway: boolean;
  /**
   * Sends a question, and returns the JSON of the answer. If there is none, it rejects with an
   * error whose message can be shown to operators.
   */
  ask(question: string): Promise<unknown>;
}

interface Options {
  readonly url: string;
  readonly secret: string;
  readonly timeoutMs: number;
  /** A question about a message that nobody sent. */
  probe(): string;
  readonly limits: Limits;
  readonly log: Log;
  readonly metrics: Metrics;
}

/** The part of an answer that is read. */
const answerMaxBytes = 64 * 1024;
const failuresMax = 5;

/**
 * Asks the application, with requests that are signed like webhooks. The operator names the server,
 * so it may be in a private network.
 */
export function createGateClient(options: Options): GateClient {
  const { url, secret, timeoutMs, probe, limits, log, metrics } = options;
  const client = createHttpClient({ allowsPrivate: true, timeoutMs, answerMaxBytes });
  const breaker = createCircuitBreaker({
    failuresMax,
    pauseMs: limits.gatePauseMs,
    probe: () => post(probe()),
    onChange(isOpen) {
      metrics.gateAway.set(isOpen ? 1 : 0);
      if (isOpen) log.error({ pauseMs: limits.gatePauseMs }, 'the message gate is away');
      else log.info('the message gate is back');
    },
  });

  /** A status of 500 or more counts as no answer. */
  async function post(question: string): Promise<Answer> {
    const headers = signedHeaders([secret], `gate_${newId()}`, question);
    const answer = await client.post(url, { ...headers, 'user-agent': 'Causerie' }, question);
    if (answer.status >= 500) throw new GateFailure(`The gate answered ${answer.status}.`);
    return answer;
  }

  return {
    get isAway() {
      return breaker.isOpen;
    },
    async ask(question) {
      const stop = metrics.gateDuration.startTimer();
      const { status, body } = await breaker.run(() => post(question));
      stop();
      if (status !== 200) throw new GateFailure(`The gate answered ${status} instead of 200.`);
      try {
        return JSON.parse(body.toString());
      } catch {
        throw new GateFailure(
          `The answer of the gate is not JSON, or has more than ${answerMaxBytes} bytes.`,
        );
      }
    },
    [Symbol.dispose]: () => client.close(),
  };
}
