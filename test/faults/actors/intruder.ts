import { setTimeout as delay } from 'node:timers/promises';
import { SignJWT } from 'jose';
import { openSocket, type BareSocket } from '../../support/bare-clients.ts';
import type { NodeProcess } from '../cluster/node-process.ts';
import type { User } from '../cluster/users.ts';
import type { Random } from '../random.ts';
import { followDocument } from '../observations.ts';
import type { Actor, Room, Run } from './run.ts';

/** At a node, with the means to do wrong. */
interface Opportunity {
  readonly node: NodeProcess;
  /** A member of both rooms. */
  readonly member: User;
  readonly stranger: User;
  readonly hoarder: User;
  readonly room: Room;
  readonly otherRoom: Room;
  readonly hiddenRoom: Room;
  readonly secret: string;
}

/**
 * Tries something forbidden. Returns what is wrong with the answer, if anything. Rejects without an
 * answer, which proves nothing during a fault.
 */
type Attempt = (opportunity: Opportunity) => Promise<string | undefined>;

const patienceMs = 10_000;
/** Twice the usual number, which a node allows while another one drains. */
const connectionsPerUser = 40;
const operationsPerConnection = 100;

const wsUrlOf = ({ url }: NodeProcess) => `${url.replace('http', 'ws')}/graphql`;

async function withSocket<Result>(
  { node }: Opportunity,
  token: string | undefined,
  use: (socket: BareSocket) => Promise<Result>,
): Promise<Result> {
  await using socket = await openSocket(
    wsUrlOf(node),
    token === undefined ? {} : { params: { token } },
  );
  const late = delay(patienceMs, undefined, { ref: false }).then(() =>
    Promise.reject(new Error(`no answer within ${patienceMs} ms`)),
  );
  late.catch(() => {});
  return await Promise.race([use(socket), late]);
}

const signed = async ({ sign }: User) => (await sign()).token;

/** The first answer to a subscription to a room: the code of the refusal, or the event. */
async function firstAnswer(
  opportunity: Opportunity,
  user: User,
  variables: { roomId: string; after?: string },
): Promise<{ answer: string; cursor: string }> {
  return withSocket(opportunity, await signed(user), async (socket) => {
    await socket.acknowledged;
    const { data, code } = await socket.ask(followDocument, variables);
    const event = data?.roomMessages;
    return {
      answer: code ?? `${event.__typename} ${event.resetReason ?? ''}`.trim(),
      cursor: event?.cursor ?? '',
    };
  });
}

const expecting = (wanted: string, answer: string) => {
  if (answer === 'UNAVAILABLE') throw new Error('the database is away');
  return answer === wanted ? undefined : `it was answered with ${answer} instead of ${wanted}`;
};

/** Follows a room after a cursor that is made of a good one, and of one of another room. */
const followingAfter =
  (forge: (cursor: string, other: string) => string): Attempt =>
  async (opportunity) => {
    const { member, room, otherRoom } = opportunity;
    const [here, there] = [
      await firstAnswer(opportunity, member, { roomId: room.id }),
      await firstAnswer(opportunity, member, { roomId: otherRoom.id }),
    ];
    expecting('CaughtUp', here.answer);
    const { answer } = await firstAnswer(opportunity, member, {
      roomId: room.id,
      after: forge(here.cursor, there.cursor),
    });
    return expecting('StreamReset UNKNOWN_CURSOR', answer);
  };

const closingWith = async (opportunity: Opportunity, token: string, wanted: number) => {
  const { code } = await withSocket(opportunity, token, ({ closed }) => closed);
  if (code === 1013 || code === 1006 || code === 1012) throw new Error('closed for another reason');
  return code === wanted ? undefined : `it was closed with ${code} instead of ${wanted}`;
};

/** Forbidden actions, by name. */
export const attempts: Readonly<Record<string, Attempt>> = {
  'following a room without being a member': async (opportunity) =>
    expecting(
      'FORBIDDEN',
      (await firstAnswer(opportunity, opportunity.stranger, { roomId: opportunity.room.id }))
        .answer,
    ),
  'following a private room': async (opportunity) =>
    expecting(
      'NOT_FOUND',
      (await firstAnswer(opportunity, opportunity.stranger, { roomId: opportunity.hiddenRoom.id }))
        .answer,
    ),
  'a cursor that is none': followingAfter(() => 'nonsense'),
  'a cursor of another room': followingAfter((_, other) => other),
  'a cursor that is ahead': followingAfter((cursor) => `${cursor.slice(0, 8)}zzzzzz.1`),
  'a cursor of another history': followingAfter((cursor) => cursor.replace(/\..*/, '.1')),
  'a forged token': (opportunity) => closingWith(opportunity, 'e30.e30.x', 4401),
  'a token that has ended': async (opportunity) => {
    const token = await new SignJWT({})
      .setProtectedHeader({ alg: 'HS256' })
      .setSubject(opportunity.member.name)
      .setExpirationTime(Math.floor(Date.now() / 1000) - 60)
      .sign(new TextEncoder().encode(opportunity.secret));
    return closingWith(opportunity, token, 4403);
  },
  'reading without a token': (opportunity) =>
    withSocket(opportunity, undefined, async (socket) => {
      await socket.acknowledged;
      const { code } = await socket.ask('query ($id: ID) { room(id: $id) { name } }', {
        id: opportunity.room.id,
      });
      return expecting('UNAUTHENTICATED', String(code));
    }),
  'more connections than allowed': async (opportunity) => {
    const token = await signed(opportunity.hoarder);
    const sockets = await Promise.all(
      Array.from({ length: connectionsPerUser + 5 }, () =>
        openSocket(wsUrlOf(opportunity.node), { params: { token } }),
      ),
    );
    try {
      const outcomes = await Promise.all(
        sockets.map(({ acknowledged, closed }) =>
          Promise.race([
            acknowledged.then(
              () => 'let in',
              () => 'closed',
            ),
            closed.then(({ code }) => code),
            delay(patienceMs),
          ]),
        ),
      );
      const letIn = sockets.filter(
        ({ isOpen }, place) => isOpen && outcomes[place] === 'let in',
      ).length;
      return letIn <= connectionsPerUser ? undefined : `${letIn} of them were let in`;
    } finally {
      for (const socket of sockets) await socket[Symbol.asyncDispose]();
    }
  },
  'more subscriptions than allowed': async (opportunity) =>
    withSocket(opportunity, await signed(opportunity.member), async (socket) => {
      await socket.acknowledged;
      const answers = await Promise.all(
        Array.from({ length: operationsPerConnection + 10 }, () =>
          socket.ask(followDocument, { roomId: opportunity.room.id }),
        ),
      );
      const held = answers.filter(({ data }) => data?.roomMessages).length;
      return held <= operationsPerConnection ? undefined : `${held} were let run`;
    }),
  'a frame that is too long': async (opportunity) => {
    const token = await signed(opportunity.member);
    return withSocket(opportunity, token, async (socket) => {
      await socket.acknowledged;
      void socket.ask(`{ viewer { id } } # ${'x'.repeat(70_000)}`);
      const { code } = await socket.closed;
      if (code === 1012 || code === 1006) throw new Error('closed for another reason');
      return code === 1009 ? undefined : `it was closed with ${code}`;
    });
  },
};

type Target = Omit<Opportunity, 'node'>;

/** Tries one thing and tells of a wrong answer; of none, when nothing is broken. */
async function attempt(
  run: Run,
  name: string,
  opportunity: Opportunity,
  isPeace: boolean,
): Promise<void> {
  try {
    const wrong = await attempts[name]!(opportunity);
    run.counts.intrusions++;
    if (wrong) run.violate('limit', `${name}, at ${opportunity.node.name}: ${wrong}`);
  } catch (error) {
    if (isPeace)
      run.violate('limit', `${name}, at ${opportunity.node.name}: ${(error as Error).message}`);
  }
}

/** Tries one thing after the other while things are broken. */
export function startIntruder(
  run: Run,
  nodes: readonly NodeProcess[],
  target: Target,
  random: Random,
): Actor {
  let isStopped = false;
  const trying = (async () => {
    while (!isStopped) {
      const opportunity = { ...target, node: random.pick(nodes) };
      await attempt(run, random.pick(Object.keys(attempts)), opportunity, false);
      await delay(random.between(100, 1000));
    }
  })();
  return {
    async stop() {
      isStopped = true;
      await trying;
    },
  };
}

/** Tries everything at every node, when nothing is broken: now there must be an answer. */
export async function tryEverything(
  run: Run,
  nodes: readonly NodeProcess[],
  target: Target,
): Promise<void> {
  for (const node of nodes)
    for (const name of Object.keys(attempts)) await attempt(run, name, { ...target, node }, true);
}
