// A process of its own, so that the work of the attack does not count as the server's.
import { Agent, request } from 'node:http';
import { tooLate, type Errand, type Seen } from './seen.ts';

const patienceMs = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const document =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

let latencies: number[] = [];
let failures: string[] = [];

/** Resolves with the code of a refusal, or undefined. */
function send({ url, roomId }: Errand, token: string): Promise<string | undefined> {
  const body = JSON.stringify({
    query: document,
    variables: { input: { conversationId: roomId, body: 'hello' } },
  });
  return new Promise((resolve) => {
    const sent = request(url, {
      method: 'POST',
      agent,
      timeout: patienceMs,
      headers: {
        'content-type': 'application/json',
        'content-length': Buffer.byteLength(body),
        authorization: `Bearer ${token}`,
        'x-forwarded-for': '198.51.100.7',
      },
    });
    sent.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      response.on('end', () => resolve(/"code":"(\w+)"/.exec(text)?.[1]));
    });
    sent.on('timeout', () => sent.destroy(new Error(tooLate)));
    sent.on('error', (error) => resolve(error.message));
    sent.end(body);
  });
}

/**
 * Counts from the moment when a send is due, so that a server which stands still delays no send out
 * of the figures.
 */
function start(errand: Errand): void {
  let dueAt = performance.now();
  let turn = 0;
  const next = async () => {
    const due = dueAt;
    dueAt += errand.everyMs;
    setTimeout(next, Math.max(0, dueAt - performance.now()));
    const failure = await send(errand, errand.tokens[turn++ % errand.tokens.length]!);
    latencies.push(performance.now() - due);
    if (failure !== undefined) failures.push(failure);
  };
  void next();
}

process.on('message', (message: Errand | 'take') => {
  if (message !== 'take') return start(message);
  process.send!({ latencies, failures } satisfies Seen);
  latencies = [];
  failures = [];
});
process.on('disconnect', () => process.exit());
