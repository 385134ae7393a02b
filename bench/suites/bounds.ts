import { inTurn, type Bench } from '../bench.ts';
import { atMost, rowOf, type Row } from '../row.ts';
import { openStand, type Stand } from '../stand.ts';
import { withoutBounds } from '../without-bounds.ts';

const senderCount = 64;
const followers = 1000;
const bursts = 50;
const everyMs = 50;
const messageBytes = 300;
const pagesAtOnce = 4;
const page =
  'query ($id: ID!) { conversation(id: $id) { messages(last: 100) { edges { node { id body createdAt author { id username } } } } } }';

/** What the bounds on bytes cost: the CPU time of a node with them, divided by that without. */
export async function costOfBounds({ site, rounds, isQuick, log }: Bench): Promise<Row[]> {
  const { rooms, crowd, senders } = site.seed;
  await using bounded = await openStand(site, 'causerie', { messageBytes });
  await using unbounded = await openStand(site, 'causerie', {
    messageBytes,
    preload: withoutBounds,
  });
  const stands = [bounded, unbounded];
  for (const stand of stands) {
    await stand.connectSenders(senderCount);
    await stand.gather([crowd]);
    await stand.load.run('grow', followers);
    await stand.load.run('settle', { roomId: crowd, messageBytes });
  }

  /** CPU time per send, in ms. */
  async function send({ server, load }: Stand): Promise<number> {
    const before = server.cpuMs();
    const { count } = await load.run('sendAll', { rooms, forMs: isQuick ? 1500 : 3000 });
    return (server.cpuMs() - before) / count;
  }

  /** CPU time per delivery, in ms. */
  async function fanOut({ server, load }: Stand): Promise<number> {
    const before = server.cpuMs();
    const delivered = await load.run('fanOut', { roomId: crowd, bursts, burst: 1, everyMs });
    return (server.cpuMs() - before) / delivered;
  }

  /** CPU time per page of a hundred messages, in ms. */
  async function readPages({ server }: Stand): Promise<number> {
    const count = isQuick ? 100 : 400;
    const before = server.cpuMs();
    await Promise.all(
      Array.from({ length: pagesAtOnce }, async () => {
        for (let done = 0; done < count / pagesAtOnce; done++)
          await readPage(server.url, senders[0]!, crowd);
      }),
    );
    return (server.cpuMs() - before) / count;
  }

  const rows: Row[] = [];
  for (const [name, measure] of [
    ['a send', send],
    ['a delivery to 1,000 followers', fanOut],
    ['a page of 100 messages', readPages],
  ] as const) {
    log(`what the bounds cost: ${name}`);
    const [withThem, without] = await inTurn(rounds, stands, measure);
    rows.push(
      rowOf(
        `bounds: ${name}`,
        '× without them',
        { causerie: withThem!.map((ms, round) => ms / without![round]!) },
        ({ value }) => [atMost('≤ 1.1', value, 1.1)],
      ),
    );
  }
  return rows;
}

async function readPage(url: string, token: string, roomId: string): Promise<void> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
    body: JSON.stringify({ query: page, variables: { id: roomId } }),
  });
  const { errors } = (await response.json()) as { errors?: unknown };
  if (errors) throw new Error(`The page is refused: ${JSON.stringify(errors)}`);
}
