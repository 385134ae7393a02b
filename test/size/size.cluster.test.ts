import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { schema } from '../../src/schema.ts';
import { absolute, completeUpload, findUpload, sendFiles } from '../support/files.ts';
import { followLobby } from '../support/presence.ts';
import { guest } from '../support/rooms.ts';
import { password, person, query, type Person } from '../support/person.ts';
import { createDatabase, startPostgres, type Postgres } from '../support/postgres.ts';
import { postgresUrl } from '../support/servers.ts';
import { service, type TestService } from '../support/service.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { fill } from './fill.ts';
import { openBrowser } from '../support/push-service.ts';
import { followPlans, reportingSettings, type ExecutedPlan } from './plans.ts';

const size = { users: 20_000, rooms: 40_000, conversations: 10_000, messages: 100_000 };

/** The pages that a statement of an operation may read. */
const buffersMax = 2500;
/**
 * The lobby reads the newest messages and their conversations, also in the background while it is
 * followed.
 */
const lobbyBuffersMax = 8000;
const ofLobby = /^with newest as/;
/** A search looks at the newest 5,000 messages, their conversations and memberships. */
const searchBuffersMax = 40_000;
/** Tables that do not grow with use. */
const smallTables = [
  'database_id',
  '_prisma_migrations',
  'announcements',
  'follow_ups',
  'webhooks',
  'push_services',
  'leases',
  // A queue, which is empty here.
  'pending_pushes',
];

/** The id of a row of `fill`. */
function filled(kind: string, number: number): string {
  const hash = createHash('md5').update(`${kind} ${number}`).digest('hex');
  return hash.replace(/^(.{8})(.{4}).(.{3})(.{4})(.{12})$/, '$1-$2-4$3-$4-$5');
}

const connection = (fields: string) =>
  `{ edges { cursor node { ${fields} } } pageInfo { hasNextPage } }`;

describe.skipIf(!postgresUrl || process.env.TEST_EMBEDDED)('a large database', () => {
  let postgres: Postgres;
  let node: TestNode;
  let read: () => Promise<ExecutedPlan[]>;
  let ann: Person, root: Person, pam: Person;
  let shop: TestService;
  const client = () => new pg.Client(node.settings.DATABASE_URL);

  async function run(text: string): Promise<void> {
    const one = client();
    await one.connect();
    await one.query(text);
    await one.end();
  }

  beforeAll(async () => {
    postgres = await startPostgres({
      settings: { ...reportingSettings, autovacuum: 'off', max_wal_size: '4GB' },
    });
    const url = await createDatabase(postgres.urlOf('postgres'));
    const pool = new pg.Pool({ connectionString: url });
    await migrate(pool);
    await pool.end();
    const filling = new pg.Client(url);
    filling.on('error', () => {});
    await filling.connect();
    await fill(filling, size);
    await filling.query(
      `alter database "${new URL(url).pathname.slice(1)}" set auto_explain.log_min_duration = 0`,
    );
    await filling.end();
    read = await followPlans(postgres.log);
    node = await startNode({
      settings: { DATABASE_URL: url, RATE_LIMITS: 'off', ADMIN_USERNAMES: 'root' },
    });
    [ann, root, pam] = (await Promise.all(
      ['ann', 'root', 'pam'].map((username) => person(node, username)),
    )) as [Person, Person, Person];
    shop = await service(node);
    await run(
      `insert into members (conversation_id, user_id)
       select id, '${ann.id}' from conversations
       where id = '${filled('room', 1)}' or (kind = 'ROOM' and id < '01800000-0000-0000-0000-000000000000') on conflict do nothing`,
    );
    await run(
      `insert into members (conversation_id, user_id)
       select id, '${pam.id}' from conversations where visibility = 'PRIVATE' on conflict do nothing`,
    );
  }, 300_000);
  afterAll(async () => {
    await node?.[Symbol.asyncDispose]();
    await postgres?.[Symbol.asyncDispose]();
  });

  /** Runs an operation, and returns how its statements exceed the bounds. */
  async function excessesOf(
    operation: () => Promise<unknown>,
    max = buffersMax,
  ): Promise<string[]> {
    await read();
    await operation();
    return excessesIn(await read(), max);
  }

  const excessesIn = (plans: readonly ExecutedPlan[], max: number): string[] =>
    plans.flatMap(({ text, buffers, scanned }) => {
      const tables = scanned.filter((table) => !smallTables.includes(table));
      const statement = text.replaceAll(/\s+/g, ' ').slice(0, 300);
      return [
        ...tables.map((table) => `reads all of ${table}: ${statement}`),
        ...(buffers > (ofLobby.test(statement) ? lobbyBuffersMax : max)
          ? [`reads ${buffers} pages: ${statement}`]
          : []),
      ];
    });

  const ask = (field: string) => () => ann.query(`{ ${field} }`);
  /** The member of all private rooms. */
  const askWithManyRooms = (field: string) => () => pam.query(`{ ${field} }`);
  const askAsService = (field: string) => () => shop.query(`{ ${field} }`);
  const askAsAdmin = (field: string) => () => root.query(`{ ${field} }`);
  const list = (field: string, args: string, fields = 'id') =>
    `${field}(${args}) ${connection(fields)}`;

  /** Lists and searches, with each way to narrow, order and continue them. */
  const lists: Readonly<Record<string, { run: () => Promise<unknown>; max?: number }>> = {
    // The many rooms of the viewer, who is online.
    lobby: { run: async () => void (await followLobby(ann).count(1)), max: lobbyBuffersMax },
    rooms: {
      run: ask(list('rooms', 'first: 50', 'id name memberCount unreadCount viewerMember { role }')),
    },
    'rooms, the last page': { run: ask(list('rooms', 'last: 50')) },
    'rooms, far in the list': { run: async () => follow(ann, 'rooms', 'search: "", first: 50') },
    'rooms, joined': { run: ask(list('rooms', 'joined: true')) },
    'rooms, not joined': { run: ask(list('rooms', 'joined: false')) },
    'rooms, a common text': { run: ask(list('rooms', 'search: "room"')), max: 5000 },
    'rooms, a rare text': { run: ask(list('rooms', 'search: "m 39321"')), max: 5000 },
    'rooms, a short text': { run: ask(list('rooms', 'search: "9"')), max: 5000 },
    'rooms, a missing text': { run: ask(list('rooms', 'search: "zebra"')), max: 5000 },
    'rooms, rare metadata': { run: ask(list('rooms', 'metadata: { orderId: "39321" }')) },
    'rooms, common metadata': { run: ask(list('rooms', 'metadata: { shop: "one" }')), max: 5000 },
    'rooms, missing metadata': { run: ask(list('rooms', 'metadata: { orderId: "x" }')) },
    'rooms, rare metadata, with many rooms': {
      run: askWithManyRooms(list('rooms', 'metadata: { orderId: "39319" }')),
    },
    'rooms, missing metadata, with many rooms': {
      run: askWithManyRooms(list('rooms', 'joined: true, metadata: { orderId: "x" }')),
    },
    'rooms, common metadata, with many rooms': {
      run: askWithManyRooms(list('rooms', 'joined: true, metadata: { shop: "one" }')),
    },
    'rooms, rare metadata, as a service': {
      run: askAsService(list('rooms', 'metadata: { orderId: "39319" }')),
    },
    'rooms, the last page, as a service': { run: askAsService(list('rooms', 'last: 50')) },
    'a room by name': { run: ask('room(name: "Room 33333") { id }') },
    'a room by the name of none': { run: ask('room(name: "No such room") { id }') },
    users: { run: ask(list('users', 'first: 50', 'id username isOnline')) },
    'users, the last page': { run: ask(list('users', 'last: 50')) },
    'users, a common text': { run: ask(list('users', 'search: "person"')) },
    'users, a rare text': { run: ask(list('users', 'search: "19123"')) },
    'users, a missing text': { run: ask(list('users', 'search: "zebra"')) },
    'a user by name': { run: ask('user(username: "user777") { id }') },
    supportConversations: { run: askAsAdmin(list('supportConversations', 'first: 50')) },
    'supportConversations, open': { run: askAsAdmin(list('supportConversations', 'status: OPEN')) },
    'supportConversations, resolved': {
      run: askAsAdmin(list('supportConversations', 'status: RESOLVED, last: 50')),
    },
    directConversations: { run: ask(list('directConversations', 'first: 50')) },
    notifications: { run: ask(`${list('notifications', 'first: 50')} unreadNotificationCount`) },
    reports: { run: askAsAdmin(list('reports', 'first: 50')) },
    'reports, open': { run: askAsAdmin(list('reports', 'resolved: false')) },
    auditLog: { run: askAsAdmin(list('auditLog', 'first: 50', 'action')) },
    members: {
      run: ask(
        `conversation(id: "${filled('room', 1)}") { members(first: 50) ${connection('role user { username }')} }`,
      ),
    },
    messages: {
      run: ask(
        `conversation(id: "${filled('room', 1)}") { messages(last: 50) ${connection('id body author { username } reactions { emoji count }')} }`,
      ),
    },
    'searchMessages, a common word': {
      run: ask(list('searchMessages', 'query: "common"')),
      max: searchBuffersMax,
    },
    'searchMessages, a rare word': {
      run: ask(list('searchMessages', 'query: "rare"')),
      max: searchBuffersMax,
    },
    'searchMessages, a word of one message': {
      run: ask(list('searchMessages', 'query: "4321"')),
      max: searchBuffersMax,
    },
    'searchMessages, a common word in one conversation': {
      run: ask(list('searchMessages', `query: "common", conversationId: "${filled('room', 1)}"`)),
      max: searchBuffersMax,
    },
    'searchMessages, a rare word in one conversation': {
      run: ask(list('searchMessages', `query: "rare", conversationId: "${filled('room', 1)}"`)),
      max: searchBuffersMax,
    },
  };

  async function follow(who: Person, field: string, args: string): Promise<void> {
    const first = await who.query(`{ ${list(field, args)} }`);
    const { cursor } = first[field].edges.at(-1);
    await who.query(`{ ${list(field, `after: "${cursor}", first: 50`)} }`);
  }

  const excessesOfLists = async (): Promise<string[]> => {
    const excesses: string[] = [];
    for (const [name, { run: operation, max }] of Object.entries(lists))
      excesses.push(...(await excessesOf(operation, max)).map((excess) => `${name} ${excess}`));
    return excesses;
  };

  it('without statistics: every list and search is a short walk along an index', async () => {
    expect(await excessesOfLists()).toEqual([]);
  }, 180_000);

  it('with statistics: every list and search is a short walk along an index', async () => {
    await run('vacuum analyze');
    expect(await excessesOfLists()).toEqual([]);
  }, 180_000);

  const indexesOf = async (operation: () => Promise<unknown>): Promise<string[]> => {
    await read();
    await operation();
    return (await read()).flatMap(({ indexes }) => indexes);
  };

  it('metadata that one of 25 rooms has is found along their names', async () => {
    const indexesFor = (metadata: string) =>
      indexesOf(ask(list('rooms', `first: 50, metadata: ${metadata}`)));
    expect(await indexesFor('{ courier: 7 }')).not.toContain('conversations_metadata');
    expect(await indexesFor('{ orderId: "7" }')).toContain('conversations_metadata');
  }, 60_000);

  /** Every other operation, in an order in which each can be done. Bulk work may read more. */
  async function changes(): Promise<Readonly<Record<string, () => Promise<unknown>>>> {
    const bob = await person(node, 'bob');
    const cat = await person(node, 'cat');
    const busyId = filled('room', 1);
    const change =
      (who: () => Person, name: string, type: string, input: () => object, fields = '__typename') =>
      async () =>
        (
          await who().query(
            `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} } }`,
            { input: input() },
          )
        )[name];
    const asAnn = () => ann;
    const state: Record<string, string> = {};
    const keep =
      (key: string, operation: () => Promise<any>, of: (payload: any) => string) => async () =>
        void (state[key] = of(await operation()));
    const watch = (who: () => Person, field: string) => async () => {
      const received = who().follow(`subscription { ${field} { __typename } }`);
      await received.count(1);
      received.stop();
    };
    /** A subscription that starts without an event. */
    const begin = async (field: string) => {
      const received = ann.follow(`subscription { ${field} { __typename } }`);
      await ann.ask('{ viewer { id } }');
      received.stop();
    };
    const inRoom = () => ({ roomId: state.room });
    const bobInRoom = () => ({ ...inRoom(), userId: bob.id });
    const user = 'user { id }';
    return {
      viewer: ask('viewer { id }'),
      serverInfo: ask('serverInfo { version }'),
      sessions: ask('sessions { id }'),
      conversation: ask(`conversation(id: "${busyId}") { id unreadCount }`),
      connectionStats: askAsAdmin('connectionStats { onlineUsers }'),
      userByExternalId: askAsAdmin('userByExternalId(externalId: "none") { id }'),
      roomByExternalId: askAsAdmin('roomByExternalId(externalId: "none") { id }'),
      joinRoom: change(asAnn, 'joinRoom', 'JoinRoomInput', () => ({ name: 'Room 3' })),
      leaveRoom: change(asAnn, 'leaveRoom', 'LeaveRoomInput', () => ({
        roomId: filled('room', 3),
      })),
      createRoom: keep(
        'room',
        change(asAnn, 'createRoom', 'CreateRoomInput', () => ({ name: 'Quay' }), 'room { id }'),
        ({ room }) => room.id,
      ),
      node: async () => ask(`node(id: "${state.room}") { id }`)(),
      nodes: async () => ask(`nodes(ids: ["${state.room}"]) { id }`)(),
      updateRoom: change(asAnn, 'updateRoom', 'UpdateRoomInput', () => ({
        ...inRoom(),
        topic: 'Boats',
      })),
      inviteToRoom: change(asAnn, 'inviteToRoom', 'InviteToRoomInput', () => ({
        ...inRoom(),
        userIds: [bob.id, cat.id],
      })),
      setMemberRole: change(asAnn, 'setMemberRole', 'SetMemberRoleInput', () => ({
        ...bobInRoom(),
        role: 'MODERATOR',
      })),
      muteMember: change(asAnn, 'muteMember', 'MuteMemberInput', () => ({
        ...bobInRoom(),
        until: new Date(Date.now() + 3_600_000).toISOString(),
      })),
      sendMessage: keep(
        'message',
        change(
          asAnn,
          'sendMessage',
          'SendMessageInput',
          () => ({ conversationId: state.room, body: '@bob boats' }),
          'message { id }',
        ),
        ({ message }) => message.id,
      ),
      editMessage: change(asAnn, 'editMessage', 'EditMessageInput', () => ({
        messageId: state.message,
        body: '@bob ships',
      })),
      addReaction: change(asAnn, 'addReaction', 'ReactionInput', () => ({
        messageId: state.message,
        emoji: '👍',
      })),
      removeReaction: change(asAnn, 'removeReaction', 'ReactionInput', () => ({
        messageId: state.message,
        emoji: '👍',
      })),
      createUpload: keep(
        'upload',
        change(
          asAnn,
          'createUpload',
          'CreateUploadInput',
          () => ({ fileName: 'a', contentType: 'a/b', sizeBytes: 1 }),
          'upload { id parts { url } }',
        ),
        ({ upload }) => upload.id,
      ),
      upload: async () => ann.query(`{ upload(id: "${state.upload}") { parts { url isStored } } }`),
      completeUpload: async () => {
        const [part] = (await findUpload(ann, state.upload!))!.parts;
        const put = await fetch(absolute(node, part!.url), { method: 'PUT', body: 'x' });
        const etag = put.headers.get('etag')!;
        const { id } = await completeUpload(ann, state.upload!, [{ number: 1, etag }]);
        await sendFiles(ann, state.room!, [id]);
      },
      pinMessage: change(asAnn, 'pinMessage', 'PinInput', () => ({ messageId: state.message })),
      unpinMessage: change(asAnn, 'unpinMessage', 'PinInput', () => ({ messageId: state.message })),
      setNotificationLevel: change(
        asAnn,
        'setNotificationLevel',
        'SetNotificationLevelInput',
        () => ({ conversationId: state.room, level: 'MENTIONS' }),
      ),
      registerPushSubscription: change(
        asAnn,
        'registerPushSubscription',
        'PushSubscriptionInput',
        () => openBrowser({ url: 'https://push.example', accepted: [] }).subscription,
      ),
      removePushSubscription: change(
        asAnn,
        'removePushSubscription',
        'RemovePushSubscriptionInput',
        () => ({ endpoint: 'https://push.example' }),
      ),
      blockUser: change(asAnn, 'blockUser', 'BlockUserInput', () => ({ userId: cat.id })),
      blockedUsers: ask(list('blockedUsers', 'first: 50')),
      unblockUser: change(asAnn, 'unblockUser', 'BlockUserInput', () => ({ userId: cat.id })),
      reportUser: change(asAnn, 'reportUser', 'ReportUserInput', () => ({
        userId: bob.id,
        reason: 'spam',
      })),
      userReports: askAsAdmin(list('userReports', 'first: 50')),
      openReportCount: askAsAdmin('openReportCount'),
      createInviteLink: change(asAnn, 'createInviteLink', 'CreateInviteLinkInput', inRoom),
      inviteLinks: async () => ask(list('inviteLinks', `roomId: "${state.room}", first: 50`))(),
      inviteLink: ask('inviteLink(code: "code 7") { roomName }'),
      invitations: ask(list('invitations', 'first: 50')),
      markRead: change(
        () => bob,
        'markRead',
        'MarkReadInput',
        () => ({ conversationId: state.room, upToSeq: 1 }),
      ),
      setTyping: change(asAnn, 'setTyping', 'SetTypingInput', () => ({
        conversationId: state.room,
        isTyping: true,
      })),
      reportMessage: keep(
        'report',
        change(
          () => cat,
          'reportMessage',
          'ReportMessageInput',
          () => ({ messageId: state.message, reason: 'spam' }),
          'report { id }',
        ),
        ({ report }) => report.id,
      ),
      resolveReport: change(asAnn, 'resolveReport', 'ResolveReportInput', () => ({
        reportId: state.report,
      })),
      deleteMessage: change(asAnn, 'deleteMessage', 'DeleteMessageInput', () => ({
        messageId: state.message,
      })),
      kickMember: change(asAnn, 'kickMember', 'KickMemberInput', () => ({
        ...inRoom(),
        userId: cat.id,
      })),
      banMember: change(asAnn, 'banMember', 'BanMemberInput', bobInRoom),
      bans: async () => ask(`bans(roomId: "${state.room}") ${connection(user)}`)(),
      moderationLog: async () =>
        ask(`moderationLog(roomId: "${state.room}") ${connection('id')}`)(),
      unbanMember: change(asAnn, 'unbanMember', 'UnbanMemberInput', bobInRoom),
      sendPrivateMessage: change(asAnn, 'sendPrivateMessage', 'SendPrivateMessageInput', () => ({
        toUserId: bob.id,
        body: 'hello',
      })),
      mySupportConversation: keep(
        'support',
        ask('mySupportConversation { id }'),
        ({ mySupportConversation }) => mySupportConversation.id,
      ),
      'sendMessage to support': change(asAnn, 'sendMessage', 'SendMessageInput', () => ({
        conversationId: state.support,
        body: 'help',
      })),
      assignSupport: change(
        () => root,
        'assignSupport',
        'AssignSupportInput',
        () => ({ conversationId: state.support, assigneeId: root.id }),
      ),
      resolveSupport: change(
        () => root,
        'resolveSupport',
        'ResolveSupportInput',
        () => ({ conversationId: state.support }),
      ),
      markNotificationsRead: change(
        () => bob,
        'markNotificationsRead',
        'MarkNotificationsReadInput',
        () => ({ all: true }),
      ),
      notify: () =>
        shop.mutate(
          'notify',
          'NotifyInput',
          { userIds: [bob.id], type: 'news', title: 'News', message: 'Boats' },
          '__typename',
        ),
      upsertUsers: () =>
        shop.mutate(
          'upsertUsers',
          'UpsertUsersInput',
          { users: [{ externalId: 'u1', username: 'dan', displayName: 'Dan' }] },
          '__typename',
        ),
      upsertRooms: () =>
        shop.mutate(
          'upsertRooms',
          'UpsertRoomsInput',
          { rooms: [{ externalId: 'r1', name: 'Harbour' }] },
          '__typename',
        ),
      updateProfile: change(asAnn, 'updateProfile', 'UpdateProfileInput', () => ({
        displayName: 'Ann',
      })),
      privateMessages: watch(asAnn, 'privateMessages'),
      'subscription to notifications': watch(asAnn, 'notifications'),
      roomPresence: async () => watch(asAnn, `roomPresence(roomId: "${state.room}")`)(),
      typing: async () => begin(`typing(conversationId: "${state.room}")`),
      signals: async () => begin(`signals(conversationId: "${state.room}")`),
      sendSignal: change(asAnn, 'sendSignal', 'SendSignalInput', () => ({
        conversationId: state.room,
        type: 'wave',
      })),
      onlineUsers: askAsAdmin(`onlineUsers(first: 20) ${connection('id')}`),
      supportMessages: watch(() => root, 'supportMessages'),
      roomMessages: async () => watch(asAnn, `roomMessages(roomId: "${busyId}", last: 50)`)(),
      signUp: () => person(node, 'eve'),
      signInAsGuest: () => guest(node, 'Gus'),
      signIn: async () =>
        query(
          node.url,
          'mutation ($input: SignInInput!) { signIn(input: $input) { session { accessToken } } }',
          {
            input: { username: 'ann', password },
          },
        ),
      refreshSession: async () =>
        query(
          node.url,
          'mutation ($input: RefreshSessionInput!) { refreshSession(input: $input) { session { accessToken } } }',
          {
            input: { refreshToken: cat.refreshToken },
          },
        ),
      changePassword: change(asAnn, 'changePassword', 'ChangePasswordInput', () => ({
        currentPassword: password,
        newPassword: `${password}!`,
      })),
      endSession: async () => {
        const { sessions } = await bob.query('{ sessions { id } }');
        await change(
          () => bob,
          'endSession',
          'EndSessionInput',
          () => ({ sessionId: sessions[0].id }),
        )().catch(() => {});
      },
      endOtherSessions: () => cat.query('mutation { endOtherSessions { endedCount } }'),
      extendConnection: () =>
        cat.ask(
          'mutation ($input: ExtendConnectionInput!) { extendConnection(input: $input) { __typename } }',
          { input: { token: cat.token } },
        ),
      exportMyData: () => cat.query('mutation { exportMyData { data } }'),
      signOut: () => cat.query('mutation { signOut { __typename } }'),
      deleteMyAccount: change(asAnn, 'deleteMyAccount', 'DeleteMyAccountInput', () => ({
        password: `${password}!`,
      })),
    };
  }

  it('every other operation reads little, and no table as a whole', async () => {
    const operations = await changes();
    const excesses: string[] = [];
    for (const [name, operation] of Object.entries(operations))
      excesses.push(
        ...(
          await excessesOf(() =>
            operation().catch((error: Error) => excesses.push(`${name}: ${error.message}`)),
          )
        ).map((excess) => `${name} ${excess}`),
      );
    expect(excesses).toEqual([]);

    // An announcement reads all users. The next are for backends, which are few. The last change
    // one row that they find by its id.
    const exceptions = [
      'announce',
      'appEvents importMessages addMembers removeMembers setMemberMetadata deleteRoom setUserRole deleteUser exportUser',
      'acceptInvitation declineInvitation acceptInviteLink revokeInviteLink resolveUserReport suspendUser',
    ];
    const tested = [
      ...Object.keys(operations),
      ...Object.keys(lists),
      'unreadNotificationCount',
      ...exceptions,
    ].join(' ');
    const fields = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const untested = fields
      .flatMap((type) => Object.keys(type!.getFields()))
      .filter((field) => !/webhook/i.test(field))
      .filter((field) => !new RegExp(`\\b${field}\\b`).test(tested));
    expect(untested).toEqual([]);
  }, 180_000);

  it('new metadata is in the index at once, so that no search reads a list of it', async () => {
    await run(
      `update conversations set metadata = metadata || '{"isPaid": true}' where id in (
         select id from conversations where kind = 'ROOM' and name_key > 'room 2' limit 5000)`,
    );
    await read();
    await askAsService(list('rooms', 'metadata: { orderId: "39319" }'))();
    const [search] = (await read()).filter(({ indexes }) =>
      indexes.includes('conversations_metadata'),
    );
    expect(search!.buffers).toBeLessThan(30);
  }, 60_000);

  it('control: a missing index is noticed', async () => {
    await run('drop index conversations_public_name_key');
    expect(await excessesOf(askAsAdmin(list('rooms', 'first: 50')))).toContainEqual(
      expect.stringContaining('reads all of conversations'),
    );
  }, 120_000);
});
