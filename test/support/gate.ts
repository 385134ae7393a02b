import type { Config } from '../../src/config.ts';
import { newWebhookSecret } from '../../src/gateway/webhook-signature.ts';
import { startNode, type NodeOptions, type TestNode } from './start-node.ts';
import { startReceiver, type ReceivedRequest, type Receiver } from './receiver.ts';

/** The decision of the gate of a test. */
export type Decision =
  | { readonly action: 'allow' }
  | { readonly action: 'rewrite'; readonly body?: string; readonly metadata?: object }
  | { readonly action: 'refuse'; readonly message?: string };

/** A node whose messages are decided about by a server of the test. */
export interface GatedNode extends AsyncDisposable {
  readonly node: TestNode;
  readonly receiver: Receiver;
  readonly secret: string;
  /** The questions since the last `decideWith`. */
  readonly questions: ReceivedRequest[];
  decideWith(decide: (message: any) => Decision | Promise<Decision>): void;
  /** Allows all messages, but those of one user only when the returned function is called. */
  holdMessagesOf(username: string): () => void;
}

export async function startGatedNode({
  settings,
  onFailure = 'refuse',
  ...options
}: NodeOptions & {
  readonly onFailure?: Config['MESSAGE_GATE_ON_FAILURE'];
} = {}): Promise<GatedNode> {
  const receiver = await startReceiver();
  const secret = newWebhookSecret();
  const node = await startNode({
    ...options,
    settings: {
      RATE_LIMITS: 'off',
      MESSAGE_GATE_URL: receiver.url,
      MESSAGE_GATE_SECRET: secret,
      MESSAGE_GATE_ON_FAILURE: onFailure,
      MESSAGE_GATE_TIMEOUT_MS: '10000',
      ...settings,
    },
  });
  const questions: ReceivedRequest[] = [];
  function decideWith(decide: (message: any) => Decision | Promise<Decision>): void {
    questions.length = 0;
    receiver.answerWith(async (request) => {
      questions.push(request);
      return { status: 200, body: JSON.stringify(await decide(request.body.data.message)) };
    });
  }
  decideWith(() => ({ action: 'allow' }));
  return {
    node,
    receiver,
    secret,
    questions,
    decideWith,
    holdMessagesOf(username) {
      let release = () => {};
      const held = new Promise<void>((resolve) => (release = resolve));
      decideWith(async ({ author }) => {
        if (author.username === username) await held;
        return { action: 'allow' };
      });
      return release;
    },
    async [Symbol.asyncDispose]() {
      await node[Symbol.asyncDispose]();
      await receiver[Symbol.asyncDispose]();
    },
  };
}
