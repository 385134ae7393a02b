import { setTimeout as delay } from 'node:timers/promises';
import type { Random } from '../faults/random.ts';
import { GraphQLRefused, type Person } from '../support/person.ts';
import type { TestNode } from '../support/start-node.ts';

/** What the users act on. Messages and reports are added as they are created. */
export interface World {
  readonly nodes: readonly TestNode[];
  readonly roomIds: readonly string[];
  readonly users: readonly Person[];
  readonly messages: {
    readonly id: string;
    readonly seq: number;
    readonly conversationId: string;
  }[];
  readonly reportIds: string[];
  readonly supportIds: readonly string[];
  /** Of the support conversations, in the same order. */
  readonly customers: readonly Person[];
}

type Mutation = readonly [name: string, input: object];
type Act = (random: Random, world: World, who: Person) => Mutation;

export const adminNames = ['amy', 'alf'];

/**
 * The answers that a user may receive who acts without looking. All others are faults of the
 * server.
 */
const expectedCodes = new Set(['FORBIDDEN', 'NOT_FOUND', 'CONFLICT', 'INVALID', 'RATE_LIMITED']);

const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();
const room = (random: Random, { roomIds }: World) => random.pick(roomIds);
const user = (random: Random, { users }: World) => random.pick(users);
const words = (random: Random) => random.pick(['yes', 'no', 'ahoy', 'see below', 'over', 'later']);
const text = (random: Random, { users }: World) =>
  random.chance(0.2) ? `${words(random)} @${random.pick(users).username}` : words(random);
/** A recent one, so that several users change the same. */
const message = (random: Random, { messages }: World) =>
  messages.at(-1 - Math.floor(random.between(0, Math.min(12, messages.length))));
const messageId = (random: Random, world: World) => message(random, world)?.id ?? world.roomIds[0]!;
const aConversation = (random: Random, world: World) =>
  random.chance(0.6)
    ? room(random, world)
    : (message(random, world)?.conversationId ?? room(random, world));
const target = (random: Random, world: World) => ({
  roomId: room(random, world),
  userId: user(random, world).id,
});

/** Each with how often it is chosen. */
const actions: readonly (readonly [weight: number, Act])[] = [
  [
    30,
    (random, world) => {
      const replyTo = random.chance(0.3) ? message(random, world) : undefined;
      const conversationId = replyTo?.conversationId ?? aConversation(random, world);
      const input = { conversationId, body: text(random, world), replyToId: replyTo?.id };
      return ['sendMessage', input];
    },
  ],
  [
    10,
    (random, world) => [
      'sendPrivateMessage',
      { toUserId: user(random, world).id, body: words(random) },
    ],
  ],
  [
    6,
    (random, world) => [
      'sendMessage',
      { conversationId: random.pick(world.supportIds), body: words(random) },
    ],
  ],
  [
    8,
    (random, world) => [
      'editMessage',
      { messageId: messageId(random, world), body: text(random, world) },
    ],
  ],
  [4, (random, world) => ['deleteMessage', { messageId: messageId(random, world) }]],
  [
    10,
    (random, world) => [
      'addReaction',
      { messageId: messageId(random, world), emoji: emoji(random) },
    ],
  ],
  [
    5,
    (random, world) => [
      'removeReaction',
      { messageId: messageId(random, world), emoji: emoji(random) },
    ],
  ],
  [
    10,
    (random, world) => {
      const read = message(random, world);
      return [
        'markRead',
        { conversationId: read?.conversationId ?? room(random, world), upToSeq: read?.seq ?? 1 },
      ];
    },
  ],
  [10, (random, world) => ['joinRoom', { roomId: room(random, world) }]],
  [2, (random, world) => ['leaveRoom', { roomId: room(random, world) }]],
  [
    5,
    (random, world) => [
      'inviteToRoom',
      { roomId: room(random, world), userIds: [user(random, world).id] },
    ],
  ],
  [3, (random, world) => ['kickMember', target(random, world)]],
  [2, (random, world) => ['banMember', target(random, world)]],
  [4, (random, world) => ['unbanMember', target(random, world)]],
  [2, (random, world) => ['muteMember', { ...target(random, world), until: inAnHour() }]],
  [4, (random, world) => ['muteMember', target(random, world)]],
  [
    4,
    (random, world) => [
      'setMemberRole',
      { ...target(random, world), role: random.pick(['MEMBER', 'MODERATOR', 'OWNER']) },
    ],
  ],
  [
    4,
    (random, world) => [
      'updateRoom',
      {
        roomId: room(random, world),
        ...random.pick([
          { topic: words(random) },
          { topic: null },
          { slowModeSeconds: 1 },
          { slowModeSeconds: 0 },
          { slowModeSeconds: 0 },
        ]),
      },
    ],
  ],
  [
    3,
    (random, world) => [
      'updateRoom',
      {
        roomId: room(random, world),
        ...random.pick([
          { visibility: 'PRIVATE' },
          { visibility: 'PUBLIC' },
          { visibility: 'PUBLIC' },
          { archived: true },
          { archived: false },
          { archived: false },
          { archived: false },
        ]),
      },
    ],
  ],
  [
    3,
    (random, world) => [
      'reportMessage',
      { messageId: messageId(random, world), reason: words(random) },
    ],
  ],
  [
    2,
    (random, world) => ['resolveReport', { reportId: world.reportIds.at(-1) ?? world.roomIds[0] }],
  ],
  [4, (random, world) => ['resolveSupport', { conversationId: random.pick(world.supportIds) }]],
  [
    4,
    (random, world) => [
      'assignSupport',
      {
        conversationId: random.pick(world.supportIds),
        assigneeId: random.chance(0.3) ? null : user(random, world).id,
      },
    ],
  ],
  [
    2,
    (random, world) => [
      'notify',
      {
        userIds: [user(random, world).id],
        type: 'order_shipped',
        title: 'Shipped',
        message: words(random),
      },
    ],
  ],
  [0.3, (random) => ['announce', { title: 'News', message: words(random) }]],
  [1, () => ['markNotificationsRead', { all: true }]],
  [
    8,
    (random, world) => [
      'setTyping',
      { conversationId: aConversation(random, world), isTyping: random.chance(0.7) },
    ],
  ],
];
const emoji = (random: Random) => random.pick(['👍', '🎉', '😀', '🚢']);

const selections: Record<string, string> = {
  sendMessage: 'message { id seq conversation { id } }',
  sendPrivateMessage: 'message { id seq conversation { id } }',
  reportMessage: 'report { id }',
};
const total = actions.reduce((sum, [weight]) => sum + weight, 0);

function choose(random: Random): Act {
  let left = random.between(0, total);
  for (const [weight, act] of actions) if ((left -= weight) < 0) return act;
  return actions[0]![1];
}

/** Does something as this user. Returns what is wrong with the answer, if anything is. */
export const act = (random: Random, world: World, who: Person): Promise<string | undefined> =>
  run(world, who, random.pick(world.nodes), choose(random)(random, world, who));

/**
 * Several users change the same at the same moment, on all nodes. So their events are sometimes
 * executed together, and each request meets the locks of the others.
 */
export async function clash(random: Random, world: World): Promise<(string | undefined)[]> {
  const kinds = [clashInSupport, clashOfMessages, clashInRoom];
  return runAtOnce(random, world, random.pick(kinds)(random, world));
}

/** The last that happens in each support conversation, so that its outcome stays visible. */
export async function clashInAllSupport(random: Random, world: World): Promise<void> {
  const changes = world.supportIds.flatMap((_, index) => clashInSupport(random, world, index));
  await runAtOnce(random, world, changes);
}

const runAtOnce = (random: Random, world: World, changes: readonly Change[]) =>
  Promise.all(
    changes.map(async ([who, mutation]) => {
      const node = random.pick(world.nodes);
      await delay(random.between(0, 12));
      return run(world, who, node, mutation);
    }),
  );

type Change = readonly [who: Person, mutation: Mutation];

function clashInSupport(
  random: Random,
  { users, supportIds, customers }: World,
  index = Math.floor(random.between(0, supportIds.length)),
): Change[] {
  const conversationId = supportIds[index]!;
  const admins = users.filter(({ username }) => adminNames.includes(username));
  const [one, other] = random.shuffle(admins) as [Person, Person];
  const body = words(random);
  return [
    [one, ['resolveSupport', { conversationId }]],
    [customers[index]!, ['sendMessage', { conversationId, body }]],
    [other, ['assignSupport', { conversationId, assigneeId: random.pick(admins).id }]],
    [customers[index]!, ['sendMessage', { conversationId, body }]],
    [other, ['resolveSupport', { conversationId }]],
    [customers[index]!, ['sendMessage', { conversationId, body }]],
  ];
}

function clashOfMessages(random: Random, world: World): Change[] {
  const id = messageId(random, world);
  return world.users.map((who): Change => [
    who,
    random.pick<Mutation>([
      ['editMessage', { messageId: id, body: text(random, world) }],
      ['addReaction', { messageId: id, emoji: emoji(random) }],
      ['removeReaction', { messageId: id, emoji: emoji(random) }],
      ...(random.chance(0.1) ? ([['deleteMessage', { messageId: id }]] as const) : []),
    ]),
  ]);
}

function clashInRoom(random: Random, world: World): Change[] {
  const roomId = room(random, world);
  const userId = user(random, world).id;
  return world.users.map((who): Change => [
    who,
    random.pick<Mutation>([
      ['updateRoom', { roomId, topic: words(random) }],
      ['joinRoom', { roomId }],
      ['muteMember', { roomId, userId, until: inAnHour() }],
      ['setMemberRole', { roomId, userId, role: random.pick(['MEMBER', 'MODERATOR']) }],
      ['sendMessage', { conversationId: roomId, body: text(random, world) }],
    ]),
  ]);
}

async function run(
  world: World,
  who: Person,
  node: TestNode,
  [name, input]: Mutation,
): Promise<string | undefined> {
  const inputType = `${name[0]!.toUpperCase()}${name.slice(1)}Input`.replace(
    /^(Add|Remove)Reaction/,
    'Reaction',
  );
  const selection = selections[name] ?? '__typename';
  const document = `mutation ($input: ${inputType}!) { ${name}(input: $input) { ${selection} } }`;
  try {
    const { [name]: payload } = await who.at(node).query(document, { input });
    if (payload.message)
      world.messages.push({ ...payload.message, conversationId: payload.message.conversation.id });
    if (payload.report) world.reportIds.push(payload.report.id);
    return undefined;
  } catch (error) {
    if (error instanceof GraphQLRefused && expectedCodes.has(error.code ?? '')) return undefined;
    return `${who.username}, ${name} ${JSON.stringify(input)}: ${String(error)} (${(error as GraphQLRefused).code})`;
  }
}

/** Ends all typing, so that nobody is typing when nothing happens. */
export async function stopTyping({ nodes, roomIds, users }: World): Promise<void> {
  const document = 'mutation ($input: SetTypingInput!) { setTyping(input: $input) { ok } }';
  for (const who of users)
    for (const conversationId of roomIds)
      await who
        .at(nodes[0]!)
        .query(document, { input: { conversationId, isTyping: false } })
        .catch(() => {});
}
