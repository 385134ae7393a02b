import { afterAll, beforeAll, expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';
import { followAppEventsLive } from '../support/app-events.ts';
import { mySupport } from '../support/desk.ts';
import { bytesOf, storedUpload } from '../support/files.ts';
import { createInviteLink, invitations } from '../support/invitations.ts';
import { banMember, reportMessage } from '../support/moderating.ts';
import { password, person, query, type Person } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { startRedis, type RedisServer } from '../support/redis.ts';
import { createRoom, inviteToRoom, joinRoom } from '../support/rooms.ts';
import { createDatabase, describeWithServers } from '../support/servers.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { reportUser, userReports } from '../support/suspending.ts';
import { openBrowser } from '../support/push-service.ts';
import { send } from '../support/send-and-follow.ts';

/** A room of ann's with bob, a message of hers, and what the mutations need besides. */
interface Stage {
  readonly node: TestNode;
  readonly ann: Person;
  readonly bob: Person;
  readonly root: Person;
  readonly shop: TestService;
  readonly room: string;
  readonly message: string;
}

type Fields = Record<string, unknown>;

interface Attempt {
  /** The user or backend that may do it. Without one, nobody is signed in. */
  readonly by?: 'ann' | 'bob' | 'root' | 'shop';
  readonly input?: (stage: Stage) => Fields | Promise<Fields>;
  /** Over a socket. */
  readonly overSocket?: boolean;
}

const other = (username: string) => ({ username, password, displayName: username });
let names = 0;
const newName = () => `name${++names}`;

const target = ({ room, bob }: Stage) => ({ roomId: room, userId: bob.id });

async function inviteBob({ ann, bob }: Stage): Promise<Fields> {
  const { id: roomId } = await createRoom(ann, { name: newName() });
  await inviteToRoom(ann, { roomId, userIds: [bob.id] });
  return { invitationId: (await invitations(bob))[0].id };
}
const webhook = async ({ root }: Stage) => {
  const { createWebhook } = await root.query(
    'mutation { createWebhook(input: { url: "https://example.com/" }) { webhook { id } } }',
  );
  return { webhookId: createWebhook.webhook.id };
};

/** Each mutation as a user who may do it does it: all of them change something. */
const attempts: { readonly [mutation: string]: Attempt } = {
  signUp: { input: () => other(newName()) },
  signIn: { input: ({ ann }) => ({ username: ann.username, password }) },
  signInAsGuest: { input: () => ({ displayName: 'Gus' }) },
  refreshSession: {
    input: async ({ node }) => ({ refreshToken: (await person(node, newName())).refreshToken }),
  },
  extendConnection: { by: 'ann', input: ({ ann }) => ({ token: ann.token }), overSocket: true },
  changePassword: {
    by: 'root',
    input: () => ({ currentPassword: password, newPassword: password }),
  },
  endSession: {
    by: 'ann',
    input: async ({ node, ann }) => {
      await query(
        node.url,
        'mutation ($input: SignInInput!) { signIn(input: $input) { session { user { id } } } }',
        { input: { username: ann.username, password } },
      );
      const { sessions } = await ann.query('{ sessions { id isCurrent } }');
      return { sessionId: sessions.find(({ isCurrent }: any) => !isCurrent).id };
    },
  },
  endOtherSessions: { by: 'ann' },
  updateProfile: { by: 'ann', input: () => ({ displayName: newName() }) },
  exportMyData: { by: 'ann' },
  createRoom: { by: 'ann', input: () => ({ name: newName() }) },
  updateRoom: { by: 'ann', input: ({ room }) => ({ roomId: room, topic: newName() }) },
  leaveRoom: { by: 'bob', input: ({ room }) => ({ roomId: room }) },
  joinRoom: { by: 'bob', input: ({ room }) => ({ roomId: room }) },
  inviteToRoom: {
    by: 'ann',
    input: async ({ node, room }) => ({
      roomId: room,
      userIds: [(await person(node, newName())).id],
    }),
  },
  createInviteLink: { by: 'ann', input: ({ room }) => ({ roomId: room }) },
  revokeInviteLink: {
    by: 'ann',
    input: async ({ ann, room }) => ({
      code: (await createInviteLink(ann, { roomId: room })).code,
    }),
  },
  acceptInviteLink: {
    by: 'bob',
    input: async ({ ann, room }) => ({
      code: (await createInviteLink(ann, { roomId: room })).code,
    }),
  },
  acceptInvitation: { by: 'bob', input: inviteBob },
  declineInvitation: { by: 'bob', input: inviteBob },
  sendMessage: { by: 'ann', input: ({ room }) => ({ conversationId: room, body: 'x' }) },
  sendPrivateMessage: { by: 'ann', input: ({ bob }) => ({ toUserId: bob.id, body: 'x' }) },
  editMessage: { by: 'ann', input: ({ message }) => ({ messageId: message, body: newName() }) },
  deleteMessage: {
    by: 'ann',
    input: async ({ ann, room }) => ({ messageId: (await send(ann, room, 'x')).id }),
  },
  addReaction: { by: 'ann', input: ({ message }) => ({ messageId: message, emoji: '👍' }) },
  removeReaction: { by: 'ann', input: ({ message }) => ({ messageId: message, emoji: '👍' }) },
  createUpload: {
    by: 'ann',
    input: () => ({ fileName: 'a.txt', contentType: 'text/plain', sizeBytes: 1 }),
  },
  completeUpload: { by: 'ann', input: ({ node, ann }) => storedUpload(node, ann, bytesOf(1)) },
  pinMessage: { by: 'ann', input: ({ message }) => ({ messageId: message }) },
  unpinMessage: { by: 'ann', input: ({ message }) => ({ messageId: message }) },
  markRead: {
    by: 'bob',
    input: async ({ ann, room }) => ({
      conversationId: room,
      upToSeq: (await send(ann, room, 'x')).seq,
    }),
  },
  setNotificationLevel: {
    by: 'ann',
    input: ({ room }) => ({ conversationId: room, level: 'NOTHING' }),
  },
  setTyping: { by: 'ann', input: ({ room }) => ({ conversationId: room, isTyping: true }) },
  sendSignal: { by: 'ann', input: ({ room }) => ({ conversationId: room, type: 'test' }) },
  markNotificationsRead: { by: 'bob', input: () => ({ all: true }) },
  notify: {
    by: 'root',
    input: ({ bob }) => ({ userIds: [bob.id], type: 'test', title: 'T', message: 'T' }),
  },
  announce: { by: 'root', input: () => ({ title: 'T', message: 'T' }) },
  setMemberRole: { by: 'ann', input: (stage) => ({ ...target(stage), role: 'MODERATOR' }) },
  muteMember: {
    by: 'ann',
    input: (stage) => ({ ...target(stage), until: new Date(Date.now() + 3_600_000) }),
  },
  kickMember: { by: 'ann', input: target },
  banMember: { by: 'ann', input: target },
  unbanMember: {
    by: 'ann',
    input: async (stage) => {
      await banMember(stage.ann, target(stage)).catch(() => {});
      return target(stage);
    },
  },
  reportMessage: { by: 'bob', input: ({ message }) => ({ messageId: message, reason: 'x' }) },
  resolveReport: {
    by: 'ann',
    input: async ({ root, message }) => ({
      reportId: (await reportMessage(root, { messageId: message, reason: 'x' })).id,
    }),
  },
  registerPushSubscription: {
    by: 'ann',
    input: () => ({
      ...openBrowser({ url: 'https://push.example', accepted: [] }).subscription,
    }),
  },
  removePushSubscription: { by: 'ann', input: () => ({ endpoint: 'https://push.example' }) },
  blockUser: {
    by: 'ann',
    input: async ({ node }) => ({ userId: (await person(node, newName())).id }),
  },
  unblockUser: { by: 'ann', input: ({ bob }) => ({ userId: bob.id }) },
  suspendUser: {
    by: 'root',
    input: async ({ node }) => ({ userId: (await person(node, newName())).id }),
  },
  reportUser: { by: 'ann', input: ({ bob }) => ({ userId: bob.id, reason: 'x' }) },
  resolveUserReport: {
    by: 'root',
    input: async ({ ann, bob, root }) => {
      await reportUser(ann, { userId: bob.id, reason: 'x' });
      return { reportId: (await userReports(root))[0].id };
    },
  },
  assignSupport: {
    by: 'root',
    input: async ({ root, ann }) => ({
      conversationId: (await mySupport(ann)).id,
      assigneeId: root.id,
    }),
  },
  resolveSupport: {
    by: 'root',
    input: async ({ ann }) => ({ conversationId: (await mySupport(ann)).id }),
  },
  addMembers: { by: 'shop', input: ({ room, root }) => ({ roomId: room, userIds: [root.id] }) },
  removeMembers: { by: 'shop', input: ({ room, root }) => ({ roomId: room, userIds: [root.id] }) },
  setMemberMetadata: {
    by: 'shop',
    input: ({ room, ann }) => ({ conversationId: room, userId: ann.id, metadata: { a: 1 } }),
  },
  importMessages: {
    by: 'shop',
    input: ({ room, ann }) => ({
      conversationId: room,
      messages: [
        { externalId: newName(), authorId: ann.id, body: 'x', createdAt: '2020-01-01T00:00:00Z' },
      ],
    }),
  },
  setUserRole: { by: 'shop', input: ({ bob }) => ({ userId: bob.id, role: 'USER' }) },
  exportUser: { by: 'shop', input: ({ bob }) => ({ userId: bob.id }) },
  deleteRoom: {
    by: 'shop',
    input: async ({ ann }) => ({ roomId: (await createRoom(ann, { name: newName() })).id }),
  },
  deleteUser: {
    by: 'shop',
    async input({ node }) {
      await using someone = await person(node, newName());
      return { userId: someone.id };
    },
  },
  deleteMyAccount: { by: 'bob', input: () => ({ password }) },
  signOut: { by: 'ann' },
  upsertUsers: { by: 'shop', input: () => ({ users: [{ externalId: newName() }] }) },
  createWebhook: { by: 'root', input: () => ({ url: 'https://example.com/' }) },
  updateWebhook: {
    by: 'root',
    input: async (stage) => ({ ...(await webhook(stage)), paused: true }),
  },
  rotateWebhookSecret: { by: 'root', input: webhook },
  replayWebhook: {
    by: 'root',
    input: async (stage) => {
      const received = await followAppEventsLive(stage.node, stage.shop.token);
      received.stop();
      return { ...(await webhook(stage)), after: received.events[0].cursor };
    },
  },
  deleteWebhook: { by: 'root', input: webhook },
  upsertRooms: { by: 'shop', input: () => ({ rooms: [{ externalId: newName() }] }) },
};

describeWithServers('[P13] every mutation', () => {
  let redis: RedisServer;
  let stage: Stage;
  beforeAll(async () => {
    redis = await startRedis();
    const node = await startNode({
      settings: {
        DATABASE_URL: await createDatabase(),
        REDIS_URL: redis.url,
        ADMIN_USERNAMES: 'root',
        INVITATIONS: 'ask',
      },
    });
    const [ann, bob, root] = (await Promise.all(
      ['ann', 'bob', 'root'].map((name) => person(node, name)),
    )) as [Person, Person, Person];
    const { id: room } = await createRoom(ann, { name: 'Quay' });
    await joinRoom(bob, { roomId: room });
    await joinRoom(root, { roomId: room });
    await sendPrivate(ann, bob, 'x');
    const shop = await service(node);
    stage = { node, ann, bob, root, shop, room, message: (await send(ann, room, 'x')).id };
  });
  afterAll(async () => {
    await Promise.all([stage.ann, stage.bob, stage.root].map((one) => one[Symbol.asyncDispose]()));
    await stage.node[Symbol.asyncDispose]();
    await redis[Symbol.asyncDispose]();
  });

  /** The count of each rate by key. */
  const counts = (): Promise<Map<string, number>> =>
    redis.admin(async (client) => {
      const keys = await client.keys('causerie:*:rate:*');
      const values = keys.length > 0 ? await client.mget(keys) : [];
      return new Map(keys.map((key, index) => [key, Number(values[index])]));
    });

  /**
   * Whether the work is counted by a rate. Counts expire meanwhile, so only one that grows matters.
   */
  async function isCounted(work: () => Promise<unknown>): Promise<boolean> {
    const before = await counts();
    await work();
    return [...(await counts())].some(([key, count]) => count > (before.get(key) ?? 0));
  }

  it('is tried here', () => {
    expect(Object.keys(attempts).toSorted()).toEqual(
      Object.keys(schema.getMutationType()!.getFields()).toSorted(),
    );
  });

  it.each(Object.entries(attempts))('%s is counted by a rate', async (name, attempt) => {
    const { by, overSocket } = attempt;
    const input = await attempt.input?.(stage);
    const field = schema.getMutationType()!.getFields()[name]!;
    const document = input
      ? `mutation ($input: ${field.args[0]!.type}) { ${name}(input: $input) { __typename } }`
      : `mutation { ${name} { __typename } }`;
    const actor = by && stage[by];
    const run = () => {
      if (!actor) return query(stage.node.url, document, { input });
      return overSocket && 'ask' in actor
        ? actor.ask(document, { input })
        : actor.query(document, { input });
    };
    expect(await isCounted(run)).toBe(true);
  });

  it('would be found without one: a query is not counted', async () => {
    expect(await isCounted(() => person(stage.node, 'eve'))).toBe(true);
    expect(await isCounted(() => query(stage.node.url, '{ serverInfo { version } }'))).toBe(false);
  });
});
