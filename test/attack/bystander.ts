// A process of its own, so that the work of the attack does not count as the server's.
import { Agent, request } from 'node:http';
import { tooLate, type Errand, type Sent } from './seen.ts';

const patienceMs = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 64 });
const document =
  'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id } } }';

let answered: Sent[] = [];
/** The due times of sends that are not answered yet. */
const waiting = new Set<{ readonly dueAt: number }>();

/** Any answer but the stored message is a failure. */
function send({ url, roomId }: Errand, token: string): Promise<Sent['outcome']> {
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
      response.on('error', (error) => resolve({ failure: error.message }));
      response.on('end', () =>
        resolve(isStored(text) ? 'stored' : { failure: refusalOf(text, response.statusCode) }),
      );
    });
    sent.on('timeout', () => sent.destroy(new Error(tooLate)));
    sent.on('error', (error) => resolve({ failure: error.message }));
    sent.end(body);
  });
}

const isStored = (text: string) => text.includes('"sendMessage":{"message":{"id":');
const refusalOf = (text: string, status?: number) =>
  /"code":"(\w+)"/.exec(text)?.[1] ?? `status ${status}`;

/**
 * Counts from the moment when a send is due, so that a server which stands still delays no send out
 * of the figures.
 */
function start(errand: Errand): void {
  let dueAt = Date.now();
  let turn = 0;
  const next = async () => {
    const due = { dueAt };
    dueAt += errand.everyMs;
    setTimeout(next, Math.max(0, dueAt - Date.now()));
    waiting.add(due);
    const outcome = await send(errand, errand.tokens[turn++ % errand.tokens.length]!);
    waiting.delete(due);
    answered.push({ ...due, latencyMs: Date.now() - due.dueAt, outcome });
  };
  void next();
}

process.on('message', (message: Errand | 'take') => {
  if (message !== 'take') return start(message);
  const now = Date.now();
  const unanswered = [...waiting].map(({ dueAt }): Sent => ({
    dueAt,
    latencyMs: now - dueAt,
    outcome: 'waiting',
  }));
  process.send!([...answered, ...unanswered]);
  answered = [];
});
process.on('disconnect', () => process.exit());
