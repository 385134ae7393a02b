import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bytesOf, createUpload, sendFiles, upload } from '../support/files.ts';
import { createInviteLink } from '../support/invitations.ts';
import { banMember, reportMessage, setMemberRole } from '../support/moderating.ts';
import { mySupport } from '../support/desk.ts';
import { Person, person, query } from '../support/person.ts';
import { sendPrivate } from '../support/private.ts';
import { createRoom, guest, inviteToRoom } from '../support/rooms.ts';
import { startNode, type TestNode } from '../support/start-node.ts';
import { send } from '../support/send-and-follow.ts';
import { sendSignal } from '../support/signals.ts';

const actors = ['nobody', 'stranger', 'guest', 'member', 'moderator', 'owner', 'admin'] as const;
type Actor = (typeof actors)[number];

/**
 * Where an operation is tried: a room with a member, a moderator and an owner; the stranger, the
 * guest and the admin are outside.
 */
interface Place {
  readonly room: string;
  /** A member of it. */
  readonly target: string;
  /** Somebody who is banned from it. */
  readonly banned: string;
  /** By the target. */
  readonly message: string;
  /** Of that message. */
  readonly report: string;
  /** A file of that message. */
  readonly attachment: string;
  /** An upload by the founder that is not complete. */
  readonly upload: string;
  /** Of an invite link by the founder. */
  readonly code: string;
  /** A direct conversation of two others, and a message in it. */
  readonly direct: string;
  readonly privateMessage: string;
  /** The support conversation of another. */
  readonly support: string;
}

interface Operation {
  readonly attempt: (place: Place, actor: Person) => string;
  /**
   * What the actors get, in their order: `.` done, `0` null, else the first letter of a code:
   * UNAUTHENTICATED, FORBIDDEN, NOT_FOUND, INVALID, CONFLICT.
   */
  readonly publicRoom: string;
  /** The same in a private room; left out where rooms play no part. */
  readonly privateRoom?: string;
  /** Whether it is asked of a node with GUEST_SUPPORT=on. */
  readonly admitsGuests?: boolean;
}

const input = (fields: Record<string, unknown>) =>
  `input: { ${Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(', ')} }`;
let names = 0;
const newName = () => `name${++names}`;

const operations: { readonly [name: string]: Operation } = {
  viewer: { attempt: () => '{ viewer { id } }', publicRoom: '0......' },
  serverInfo: { attempt: () => '{ serverInfo { version } }', publicRoom: '.......' },
  user: { attempt: ({ target }) => `{ user(id: "${target}") { id } }`, publicRoom: 'U......' },
  users: { attempt: () => '{ users { edges { node { id } } } }', publicRoom: 'U......' },
  rooms: { attempt: () => '{ rooms { edges { node { id } } } }', publicRoom: 'U......' },
  room: {
    attempt: ({ room }) => `{ room(id: "${room}") { id } }`,
    publicRoom: 'U......',
    privateRoom: 'U00...0',
  },
  conversation: {
    attempt: ({ room }) => `{ conversation(id: "${room}") { id } }`,
    publicRoom: 'U......',
    privateRoom: 'U00...0',
  },
  'conversation of two others': {
    attempt: ({ direct }) => `{ conversation(id: "${direct}") { id } }`,
    publicRoom: 'U000000',
  },
  'conversation of another with support': {
    attempt: ({ support }) => `{ conversation(id: "${support}") { id } }`,
    publicRoom: 'U00000.',
  },
  mySupportConversation: {
    attempt: () => '{ mySupportConversation { id } }',
    publicRoom: 'U.F....',
  },
  'mySupportConversation with GUEST_SUPPORT=on': {
    attempt: () => '{ mySupportConversation { id } }',
    publicRoom: 'U......',
    admitsGuests: true,
  },
  supportConversations: {
    attempt: () => '{ supportConversations { edges { node { id } } } }',
    publicRoom: 'UFFFFF.',
  },
  directConversations: {
    attempt: () => '{ directConversations { edges { node { id } } } }',
    publicRoom: 'U......',
  },
  message: {
    attempt: ({ message }) => `{ message(id: "${message}") { id } }`,
    publicRoom: 'U......',
    privateRoom: 'U00...0',
  },
  'node of a room': {
    attempt: ({ room }) => `{ node(id: "${room}") { id } }`,
    publicRoom: 'U......',
    privateRoom: 'U00...0',
  },
  'node of a message': {
    attempt: ({ message }) => `{ node(id: "${message}") { id } }`,
    publicRoom: 'U......',
    privateRoom: 'U00...0',
  },
  'node of a report': {
    attempt: ({ report }) => `{ node(id: "${report}") { id } }`,
    publicRoom: 'U000...',
    privateRoom: 'U000..0',
  },
  'node of a file, and GET of it': {
    attempt: ({ attachment }) => `{ node(id: "${attachment}") { id } }`,
    publicRoom: 'U......',
    privateRoom: 'U00...0',
  },
  createUpload: {
    attempt: () =>
      `mutation { createUpload(${input({ fileName: 'a', contentType: 'a/b', sizeBytes: 1 })}) { upload { id } } }`,
    publicRoom: 'U......',
  },
  'upload of another': {
    attempt: ({ upload }) => `{ upload(id: "${upload}") { id } }`,
    publicRoom: 'U000000',
  },
  'completeUpload of another': {
    attempt: ({ upload }) =>
      `mutation { completeUpload(input: { uploadId: "${upload}", parts: [] }) { attachment { id } } }`,
    publicRoom: 'UNNNNNN',
  },
  nodes: {
    attempt: ({ target }) => `{ nodes(ids: ["${target}"]) { id } }`,
    publicRoom: 'U......',
  },
  moderationLog: {
    attempt: ({ room }) => `{ moderationLog(roomId: "${room}") { edges { node { id } } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  bans: {
    attempt: ({ room }) => `{ bans(roomId: "${room}") { edges { node { createdAt } } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  'reports of a room': {
    attempt: ({ room }) => `{ reports(roomId: "${room}") { edges { node { id } } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  reports: { attempt: () => '{ reports { edges { node { id } } } }', publicRoom: 'UFFF...' },
  notifications: {
    attempt: () => '{ notifications { edges { node { id } } } }',
    publicRoom: 'U.F....',
  },
  unreadNotificationCount: { attempt: () => '{ unreadNotificationCount }', publicRoom: 'U.F....' },
  'searchMessages in a room': {
    attempt: ({ room }) =>
      `{ searchMessages(query: "message", conversationId: "${room}") { edges { node { id } } } }`,
    publicRoom: 'U......',
    privateRoom: 'UNN...N',
  },
  searchMessages: {
    attempt: () => '{ searchMessages(query: "message") { edges { node { id } } } }',
    publicRoom: 'U......',
  },
  auditLog: {
    attempt: () => '{ auditLog { edges { node { id } } } }',
    publicRoom: 'UFFFFF.',
  },
  userByExternalId: {
    attempt: () => '{ userByExternalId(externalId: "nobody") { id } }',
    publicRoom: 'UFFFFF0',
  },
  roomByExternalId: {
    attempt: () => '{ roomByExternalId(externalId: "nowhere") { id } }',
    publicRoom: 'UFFFFF0',
  },
  connectionStats: { attempt: () => '{ connectionStats { connections } }', publicRoom: 'UFFFFF.' },

  onlineUsers: {
    attempt: () => '{ onlineUsers { edges { node { id } } } }',
    publicRoom: 'UFFFFF.',
  },

  signUp: {
    attempt: () =>
      `mutation { signUp(${input({ username: newName(), password: 'long enough to be one' })}) { session { user { id } } } }`,
    publicRoom: '.......',
  },
  signIn: {
    attempt: () =>
      `mutation { signIn(${input({ username: 'nosuchuser', password: 'whatever it is' })}) { session { user { id } } } }`,
    publicRoom: 'UUUUUUU',
  },
  signInAsGuest: {
    attempt: () =>
      `mutation { signInAsGuest(${input({ displayName: 'Gast' })}) { session { user { id } } } }`,
    publicRoom: '.......',
  },
  refreshSession: {
    attempt: () =>
      `mutation { refreshSession(${input({ refreshToken: 'no such token' })}) { session { user { id } } } }`,
    publicRoom: 'UUUUUUU',
  },
  extendConnection: {
    attempt: (_place, { token }) =>
      `mutation { extendConnection(${input({ token })}) { expiresAt } }`,
    publicRoom: 'IIIIIII',
  },
  signOut: { attempt: () => 'mutation { signOut { ok } }', publicRoom: 'U......' },
  sessions: { attempt: () => '{ sessions { id } }', publicRoom: 'U......' },
  changePassword: {
    attempt: () =>
      `mutation { changePassword(${input({ currentPassword: 'not the password', newPassword: 'long enough to be one' })}) { session { user { id } } } }`,
    publicRoom: 'UFIFFFF',
  },
  endSession: {
    attempt: () =>
      `mutation { endSession(${input({ sessionId: '00000000-0000-7000-8000-000000000000' })}) { endedCount } }`,
    publicRoom: 'UNNNNNN',
  },
  endOtherSessions: {
    attempt: () => 'mutation { endOtherSessions { endedCount } }',
    publicRoom: 'U......',
  },
  updateProfile: {
    attempt: () => `mutation { updateProfile(${input({ displayName: 'New' })}) { user { id } } }`,
    publicRoom: 'U......',
  },
  exportMyData: { attempt: () => 'mutation { exportMyData { data } }', publicRoom: 'U......' },
  deleteMyAccount: {
    attempt: () =>
      `mutation { deleteMyAccount(${input({ password: 'not the password' })}) { ok } }`,
    publicRoom: 'UF.FFFF',
  },

  createRoom: {
    attempt: () => `mutation { createRoom(${input({ name: newName() })}) { room { id } } }`,
    publicRoom: 'U.F....',
  },
  updateRoom: {
    attempt: ({ room }) =>
      `mutation { updateRoom(${input({ roomId: room, topic: 'new' })}) { room { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  joinRoom: {
    attempt: ({ room }) => `mutation { joinRoom(${input({ roomId: room })}) { room { id } } }`,
    publicRoom: 'U......',
    privateRoom: 'UNN...N',
  },
  leaveRoom: {
    attempt: ({ room }) => `mutation { leaveRoom(${input({ roomId: room })}) { room { id } } }`,
    publicRoom: 'UCC...C',
    privateRoom: 'UNN...N',
  },
  inviteToRoom: {
    attempt: ({ room, target }) =>
      `mutation { inviteToRoom(${input({ roomId: room, userIds: [target] })}) { room { id } } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNNF..N',
  },
  createInviteLink: {
    attempt: ({ room }) =>
      `mutation { createInviteLink(${input({ roomId: room })}) { inviteLink { id } } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNNF..N',
  },
  inviteLinks: {
    attempt: ({ room }) => `{ inviteLinks(roomId: "${room}") { edges { node { id } } } }`,
    publicRoom: 'UFF....',
    privateRoom: 'UNN...N',
  },
  inviteLink: {
    attempt: ({ code }) => `{ inviteLink(code: "${code}") { roomName } }`,
    publicRoom: '.......',
    privateRoom: '.......',
  },
  acceptInviteLink: {
    attempt: ({ code }) => `mutation { acceptInviteLink(${input({ code })}) { room { id } } }`,
    publicRoom: 'U......',
    privateRoom: 'U.F....',
  },
  revokeInviteLink: {
    attempt: ({ code }) =>
      `mutation { revokeInviteLink(${input({ code })}) { inviteLink { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  invitations: {
    attempt: () => '{ invitations { edges { node { id } } } }',
    publicRoom: 'U......',
  },
  acceptInvitation: {
    attempt: () =>
      `mutation { acceptInvitation(${input({ invitationId: '00000000-0000-7000-8000-000000000000' })}) { room { id } } }`,
    publicRoom: 'UNNNNNN',
  },
  declineInvitation: {
    attempt: () =>
      `mutation { declineInvitation(${input({ invitationId: '00000000-0000-7000-8000-000000000000' })}) { ok } }`,
    publicRoom: 'UNNNNNN',
  },

  sendMessage: {
    attempt: ({ room }) =>
      `mutation { sendMessage(${input({ conversationId: room, body: 'hello' })}) { message { id } } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  editMessage: {
    attempt: ({ message }) =>
      `mutation { editMessage(${input({ messageId: message, body: 'other' })}) { message { id } } }`,
    publicRoom: 'UFFFFFF',
    privateRoom: 'UNNFFFN',
  },
  'editMessage, of its metadata': {
    attempt: ({ message }) =>
      `mutation { editMessage(input: { messageId: "${message}", metadata: {} }) { message { id } } }`,
    publicRoom: 'UFFFFFF',
    privateRoom: 'UNNFFFN',
  },
  deleteMessage: {
    attempt: ({ message }) =>
      `mutation { deleteMessage(${input({ messageId: message })}) { message { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  addReaction: {
    attempt: ({ message }) =>
      `mutation { addReaction(${input({ messageId: message, emoji: '👍' })}) { message { id } } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  removeReaction: {
    attempt: ({ message }) =>
      `mutation { removeReaction(${input({ messageId: message, emoji: '👍' })}) { message { id } } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  pinMessage: {
    attempt: ({ message }) =>
      `mutation { pinMessage(${input({ messageId: message })}) { message { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  'pinMessage of two others': {
    attempt: ({ privateMessage }) =>
      `mutation { pinMessage(${input({ messageId: privateMessage })}) { message { id } } }`,
    publicRoom: 'UNNNNNN',
  },
  unpinMessage: {
    attempt: ({ message }) =>
      `mutation { unpinMessage(${input({ messageId: message })}) { message { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  'unpinMessage of two others': {
    attempt: ({ privateMessage }) =>
      `mutation { unpinMessage(${input({ messageId: privateMessage })}) { message { id } } }`,
    publicRoom: 'UNNNNNN',
  },
  'sendMessage to two others': {
    attempt: ({ direct }) =>
      `mutation { sendMessage(${input({ conversationId: direct, body: 'hello' })}) { message { id } } }`,
    publicRoom: 'UNNNNNN',
  },
  sendPrivateMessage: {
    attempt: ({ target }) =>
      `mutation { sendPrivateMessage(${input({ toUserId: target, body: 'hello' })}) { message { id } } }`,
    publicRoom: 'U.F....',
  },
  markRead: {
    attempt: ({ room }) =>
      `mutation { markRead(${input({ conversationId: room, upToSeq: 1 })}) { conversation { id } } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  setNotificationLevel: {
    attempt: ({ room }) =>
      `mutation { setNotificationLevel(input: { conversationId: "${room}", level: NOTHING }) { member { role } } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  'setNotificationLevel of two others': {
    attempt: ({ direct }) =>
      `mutation { setNotificationLevel(input: { conversationId: "${direct}", level: NOTHING }) { member { role } } }`,
    publicRoom: 'UNNNNNN',
  },
  'markRead of two others': {
    attempt: ({ direct }) =>
      `mutation { markRead(${input({ conversationId: direct, upToSeq: 1 })}) { conversation { id } } }`,
    publicRoom: 'UNNNNNN',
  },
  'setTyping to two others': {
    attempt: ({ direct }) =>
      `mutation { setTyping(input: { conversationId: "${direct}", isTyping: true }) { ok } }`,
    publicRoom: 'UNNNNNN',
  },
  'sendMessage to support of another': {
    attempt: ({ support }) =>
      `mutation { sendMessage(${input({ conversationId: support, body: 'hello' })}) { message { id } } }`,
    publicRoom: 'UNNNNN.',
  },
  'markRead of another with support': {
    attempt: ({ support }) =>
      `mutation { markRead(${input({ conversationId: support, upToSeq: 1 })}) { conversation { id } } }`,
    publicRoom: 'UNNNNN.',
  },
  'setTyping to support of another': {
    attempt: ({ support }) =>
      `mutation { setTyping(input: { conversationId: "${support}", isTyping: true }) { ok } }`,
    publicRoom: 'UNNNNN.',
  },
  assignSupport: {
    attempt: ({ support }) =>
      `mutation { assignSupport(${input({ conversationId: support })}) { conversation { id } } }`,
    publicRoom: 'UNNNNN.',
  },
  resolveSupport: {
    attempt: ({ support }) =>
      `mutation { resolveSupport(${input({ conversationId: support })}) { conversation { id } } }`,
    publicRoom: 'UNNNNN.',
  },
  setTyping: {
    attempt: ({ room }) =>
      `mutation { setTyping(input: { conversationId: "${room}", isTyping: true }) { ok } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },

  sendSignal: {
    attempt: ({ room }) =>
      `mutation { sendSignal(${input({ conversationId: room, type: 'test' })}) { ok } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  'sendSignal to a user': {
    attempt: ({ target }) =>
      `mutation { sendSignal(${input({ userIds: [target], type: 'test' })}) { ok } }`,
    publicRoom: 'UFFFFF.',
  },
  'sendSignal to everyone': {
    attempt: () => `mutation { sendSignal(${input({ toEveryone: true, type: 'test' })}) { ok } }`,
    publicRoom: 'UFFFFF.',
  },
  markNotificationsRead: {
    attempt: () =>
      'mutation { markNotificationsRead(input: { all: true }) { unreadNotificationCount } }',
    publicRoom: 'U.F....',
  },
  notify: {
    attempt: ({ target }) =>
      `mutation { notify(${input({ userIds: [target], type: 'test', title: 'Test', message: 'Test' })}) { recipientCount } }`,
    publicRoom: 'UFFFFF.',
  },
  announce: {
    attempt: () =>
      `mutation { announce(${input({ title: 'Test', message: 'Test' })}) { recipientCount } }`,
    publicRoom: 'UFFFFF.',
  },

  upsertUsers: {
    attempt: () => 'mutation { upsertUsers(input: { users: [] }) { createdCount } }',
    publicRoom: 'UFFFFFF',
  },
  upsertRooms: {
    attempt: () => 'mutation { upsertRooms(input: { rooms: [] }) { createdCount } }',
    publicRoom: 'UFFFFFF',
  },
  addMembers: {
    attempt: ({ room, target }) =>
      `mutation { addMembers(input: { roomId: "${room}", userIds: ["${target}"] }) { changedCount } }`,
    publicRoom: 'UFFFFFF',
  },
  removeMembers: {
    attempt: ({ room, target }) =>
      `mutation { removeMembers(input: { roomId: "${room}", userIds: ["${target}"] }) { changedCount } }`,
    publicRoom: 'UFFFFFF',
  },
  setMemberMetadata: {
    attempt: ({ room, target }) =>
      `mutation { setMemberMetadata(input: { conversationId: "${room}", userId: "${target}", metadata: {} }) { member { id } } }`,
    publicRoom: 'UFFFFFF',
  },
  importMessages: {
    attempt: ({ room }) =>
      `mutation { importMessages(input: { conversationId: "${room}", messages: [] }) { importedCount } }`,
    publicRoom: 'UFFFFFF',
  },
  deleteRoom: {
    attempt: () => `mutation { deleteRoom(input: { roomId: "${randomUUID()}" }) { ok } }`,
    publicRoom: 'UFFFFFF',
  },
  setUserRole: {
    attempt: ({ target }) =>
      `mutation { setUserRole(input: { userId: "${target}", role: USER }) { user { id } } }`,
    publicRoom: 'UFFFFFF',
  },
  deleteUser: {
    attempt: () => `mutation { deleteUser(input: { userId: "${randomUUID()}" }) { ok } }`,
    publicRoom: 'UFFFFFF',
  },
  exportUser: {
    attempt: ({ target }) => `mutation { exportUser(input: { userId: "${target}" }) { url } }`,
    publicRoom: 'UFFFFFF',
  },

  webhooks: {
    attempt: () => '{ webhooks { edges { node { id } } } }',
    publicRoom: 'UFFFFF.',
  },
  webhook: { attempt: () => `{ webhook(id: "${randomUUID()}") { id } }`, publicRoom: 'UFFFFF0' },
  createWebhook: {
    attempt: () => 'mutation { createWebhook(input: { url: "nonsense" }) { secret } }',
    publicRoom: 'UFFFFFI',
  },
  updateWebhook: {
    attempt: () =>
      `mutation { updateWebhook(input: { webhookId: "${randomUUID()}" }) { webhook { id } } }`,
    publicRoom: 'UFFFFFN',
  },
  deleteWebhook: {
    attempt: () => `mutation { deleteWebhook(input: { webhookId: "${randomUUID()}" }) { ok } }`,
    publicRoom: 'UFFFFFN',
  },
  rotateWebhookSecret: {
    attempt: () =>
      `mutation { rotateWebhookSecret(input: { webhookId: "${randomUUID()}" }) { secret } }`,
    publicRoom: 'UFFFFFN',
  },
  replayWebhook: {
    attempt: () =>
      `mutation { replayWebhook(input: { webhookId: "${randomUUID()}", after: "x" }) { webhook { id } } }`,
    publicRoom: 'UFFFFFN',
  },
  appEvents: { attempt: () => 'subscription { appEvents { type } }', publicRoom: 'UFFFFFF' },

  setMemberRole: {
    attempt: ({ room, target }) =>
      `mutation { setMemberRole(input: { roomId: "${room}", userId: "${target}", role: MODERATOR }) { member { role } } }`,
    publicRoom: 'UFFFF..',
    privateRoom: 'UNNFF.N',
  },
  kickMember: {
    attempt: ({ room, target }) =>
      `mutation { kickMember(${input({ roomId: room, userId: target })}) { entry { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  banMember: {
    attempt: ({ room, target }) =>
      `mutation { banMember(${input({ roomId: room, userId: target })}) { entry { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  unbanMember: {
    attempt: ({ room, banned }) =>
      `mutation { unbanMember(${input({ roomId: room, userId: banned })}) { entry { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  muteMember: {
    attempt: ({ room, target }) =>
      `mutation { muteMember(${input({ roomId: room, userId: target, until: '2999-01-01T00:00:00Z' })}) { entry { id } } }`,
    publicRoom: 'UFFF...',
    privateRoom: 'UNNF..N',
  },
  reportMessage: {
    attempt: ({ message }) =>
      `mutation { reportMessage(${input({ messageId: message, reason: 'spam' })}) { report { id } } }`,
    publicRoom: 'U.F....',
    privateRoom: 'UNF...N',
  },
  resolveReport: {
    attempt: ({ report }) =>
      `mutation { resolveReport(${input({ reportId: report })}) { report { id } } }`,
    publicRoom: 'UNNN...',
    privateRoom: 'UNNN..N',
  },
  blockedUsers: {
    attempt: () => '{ blockedUsers { edges { node { id } } } }',
    publicRoom: 'U......',
  },
  registerPushSubscription: {
    attempt: () =>
      `mutation { registerPushSubscription(${input({ endpoint: 'https://push.example/x', p256dh: 'x', auth: 'x' })}) { ok } }`,
    // Not a key.
    publicRoom: 'UIFIIII',
  },
  removePushSubscription: {
    attempt: () =>
      `mutation { removePushSubscription(${input({ endpoint: 'https://push.example/x' })}) { ok } }`,
    publicRoom: 'U......',
  },
  blockUser: {
    attempt: ({ banned }) => `mutation { blockUser(${input({ userId: banned })}) { user { id } } }`,
    publicRoom: 'U......',
  },
  unblockUser: {
    attempt: ({ banned }) =>
      `mutation { unblockUser(${input({ userId: banned })}) { user { id } } }`,
    publicRoom: 'U......',
  },
  suspendUser: {
    attempt: ({ banned }) =>
      `mutation { suspendUser(${input({ userId: banned, until: '2001-01-01T00:00:00Z' })}) { user { id } } }`,
    publicRoom: 'UFFFFF.',
  },
  reportUser: {
    attempt: ({ target }) =>
      `mutation { reportUser(${input({ userId: target, reason: 'spam' })}) { ok } }`,
    publicRoom: 'U.F....',
  },
  userReports: {
    attempt: () => '{ userReports { edges { node { id } } } }',
    publicRoom: 'UFFFFF.',
  },
  resolveUserReport: {
    attempt: () =>
      `mutation { resolveUserReport(${input({ reportId: '00000000-0000-7000-8000-000000000000' })}) { report { id } } }`,
    publicRoom: 'UFFFFFN',
  },
  openReportCount: { attempt: () => '{ openReportCount }', publicRoom: 'U......' },

  roomMessages: {
    attempt: ({ room }) => `subscription { roomMessages(roomId: "${room}") { __typename } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  'roomMessages of two others': {
    attempt: ({ direct }) => `subscription { roomMessages(roomId: "${direct}") { __typename } }`,
    publicRoom: 'UNNNNNN',
  },
  'notifications, followed': {
    attempt: () => 'subscription { notifications { __typename } }',
    publicRoom: 'U.F....',
  },
  supportMessages: {
    attempt: () => 'subscription { supportMessages { __typename } }',
    publicRoom: 'U.F....',
  },
  'supportMessages with GUEST_SUPPORT=on': {
    attempt: () => 'subscription { supportMessages { __typename } }',
    publicRoom: 'U......',
    admitsGuests: true,
  },
  'supportMessages of another': {
    attempt: ({ support }) =>
      `subscription { supportMessages(conversationId: "${support}") { __typename } }`,
    publicRoom: 'UNFNNN.',
  },
  privateMessages: {
    attempt: () => 'subscription { privateMessages { __typename } }',
    publicRoom: 'U.F....',
  },
  'privateMessages with one': {
    attempt: ({ target }) =>
      `subscription { privateMessages(withUserId: "${target}") { __typename } }`,
    publicRoom: 'U.F....',
  },
  'typing of two others': {
    attempt: ({ direct }) =>
      `subscription { typing(conversationId: "${direct}") { conversationId } }`,
    publicRoom: 'UNNNNNN',
  },
  typing: {
    attempt: ({ room }) => `subscription { typing(conversationId: "${room}") { conversationId } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  'signals to oneself': {
    attempt: () => 'subscription { signals { type } }',
    publicRoom: 'U......',
  },
  signals: {
    attempt: ({ room }) => `subscription { signals(conversationId: "${room}") { type } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  roomPresence: {
    attempt: ({ room }) => `subscription { roomPresence(roomId: "${room}") { __typename } }`,
    publicRoom: 'UFF...F',
    privateRoom: 'UNN...N',
  },
  lobby: { attempt: () => 'subscription { lobby { __typename } }', publicRoom: 'U......' },
};

/** What ends the actor's own access is tried by somebody made for it. */
const endsAccess = ['signOut', 'deleteMyAccount'];

/**
 * Operations after which the room, its members or its report no longer fit the next attempt. All
 * others leave them as they are for it.
 */
const spendsPlace = [
  'joinRoom',
  'leaveRoom',
  'deleteMessage',
  'setMemberRole',
  'kickMember',
  'banMember',
  'unbanMember',
  'muteMember',
  'reportMessage',
  'resolveReport',
  'acceptInviteLink',
  'revokeInviteLink',
];

describe('[P11] every operation, by every kind of viewer', () => {
  let node: TestNode;
  /** With GUEST_SUPPORT=on, and a database of its own. */
  let guestNode: TestNode;
  let founder: Person;
  let target: Person;
  let outcast: Person;
  let cast: Record<Actor, Person>, guestCast: Record<Actor, Person>;
  let direct: string;
  let privateMessage: string;
  let support: string;
  /** Where the next attempt is made, until one has changed it. */
  const places: { PUBLIC?: Place; PRIVATE?: Place } = {};
  beforeAll(async () => {
    node = await startNode({
      settings: {
        RATE_LIMITS: 'off',
        ADMIN_USERNAMES: ['admin', ...endsAccess.map((name) => `${name}.admin`)]
          .join(',')
          .toLowerCase(),
      },
    });
    founder = await person(node, 'founder');
    target = await person(node, 'target');
    outcast = await person(node, 'outcast');
    cast = await gatherCast('');
    guestNode = await startNode({
      settings: { RATE_LIMITS: 'off', ADMIN_USERNAMES: 'admin', GUEST_SUPPORT: 'on' },
    });
    guestCast = await gatherCast('', guestNode);
    const sent = await sendPrivate(founder, target, 'for your eyes only');
    [direct, privateMessage] = [sent.conversation.id, sent.message.id];
    ({ id: support } = await mySupport(target));
    await send(target, support, 'help');
  });
  afterAll(async () => {
    for (const someone of [...Object.values(cast), ...Object.values(guestCast), target])
      await someone[Symbol.asyncDispose]();
    await node[Symbol.asyncDispose]();
    await guestNode[Symbol.asyncDispose]();
  });

  async function gatherCast(prefix: string, of = node): Promise<Record<Actor, Person>> {
    const nobody = new Person(of, {
      accessToken: '',
      refreshToken: null,
      user: { id: '', username: '' },
    });
    const named = async (role: Actor) =>
      [
        role,
        await person(of, `${prefix}${role === 'moderator' ? 'modesta' : role}`.toLowerCase()),
      ] as const;
    const others = await Promise.all(
      (['stranger', 'member', 'moderator', 'owner', 'admin'] as const).map(named),
    );
    return {
      ...(Object.fromEntries(others) as Record<Actor, Person>),
      nobody,
      guest: await guest(of, 'Guest'),
    };
  }

  async function newPlace(
    visibility: 'PUBLIC' | 'PRIVATE',
    { member, moderator, owner }: Record<Actor, Person>,
  ): Promise<Place> {
    const { id: room } = await createRoom(founder, { name: newName(), visibility });
    await inviteToRoom(founder, {
      roomId: room,
      userIds: [target, member, moderator, owner].map(({ id }) => id),
    });
    await setMemberRole(founder, { roomId: room, userId: moderator.id, role: 'MODERATOR' });
    await setMemberRole(founder, { roomId: room, userId: owner.id, role: 'OWNER' });
    await banMember(founder, { roomId: room, userId: outcast.id });
    const { id: attachment } = await upload(node, target, bytesOf(1));
    const { id: message } = await sendFiles(target, room, [attachment], { body: 'a message' });
    const pending = await createUpload(founder, { sizeBytes: 1 });
    const { id: report } = await reportMessage(founder, { messageId: message, reason: 'spam' });
    const { code } = await createInviteLink(founder, { roomId: room });
    return {
      attachment,
      upload: pending.id,
      code,
      room,
      target: target.id,
      banned: outcast.id,
      message,
      report,
      direct,
      privateMessage,
      support,
    };
  }

  async function outcomesOf(name: string, visibility: 'PUBLIC' | 'PRIVATE'): Promise<string> {
    const { attempt, admitsGuests = false } = operations[name]!;
    const usualCast = admitsGuests ? guestCast : cast;
    const actingCast = endsAccess.includes(name) ? await gatherCast(`${name}.`) : usualCast;
    let outcomes = '';
    for (const actor of actors) {
      const place = (places[visibility] ??= await newPlace(visibility, cast));
      const document = attempt(place, actingCast[actor]);
      const outcome = await (document.startsWith('subscription')
        ? follow(document, place, actingCast[actor])
        : run(document, actingCast[actor]));
      if (outcome === '.' && spendsPlace.includes(name)) delete places[visibility];
      outcomes += outcome;
    }
    return outcomes;
  }

  async function run(document: string, actor: Person): Promise<string> {
    try {
      return Object.values(await actor.query(document))[0] === null ? '0' : '.';
    } catch (error) {
      return String((error as { code?: string }).code)[0]!;
    }
  }

  /** Others type and signal meanwhile, because some subscriptions begin without an event. */
  async function follow(document: string, { room }: Place, actor: Person): Promise<string> {
    const received = actor.follow(document);
    for (
      let isTyping = true;
      received.events.length === 0 && !received.ending;
      isTyping = !isTyping
    ) {
      await target.query(
        `mutation { setTyping(input: { conversationId: "${room}", isTyping: ${isTyping} }) { ok } }`,
      );
      if (document.includes('signals')) {
        await sendSignal(target, { conversationId: room });
        await sendSignal(cast.admin, { toEveryone: true });
      }
      await delay(20);
    }
    received.stop();
    return received.events.length > 0 ? '.' : received.ending!.error!.code![0]!;
  }

  it.for(Object.keys(operations))('%s', async (name) => {
    const { publicRoom, privateRoom } = operations[name]!;
    expect(await outcomesOf(name, 'PUBLIC')).toBe(publicRoom);
    if (privateRoom) expect(await outcomesOf(name, 'PRIVATE')).toBe(privateRoom);
  });

  it('has a row here', async () => {
    const { __schema } = await query(
      node.url,
      '{ __schema { queryType { fields { name } } mutationType { fields { name } } subscriptionType { fields { name } } } }',
    );
    const all = Object.values<{ fields: { name: string }[] }>(__schema).flatMap(({ fields }) =>
      fields.map(({ name }) => name),
    );
    const rows = new Set(Object.keys(operations).map((row) => row.split(/,? /)[0]));
    expect(all.filter((name) => !rows.has(name))).toEqual([]);
    expect([...rows].filter((name) => !all.includes(name!))).toEqual([]);
  });
});
