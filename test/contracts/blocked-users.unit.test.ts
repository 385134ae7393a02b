import { isObjectType, isUnionType } from 'graphql';
import { describe, expect, it } from 'vitest';
import { schema } from '../../src/schema.ts';

const own = 'concerns the caller alone, or the application';
const withheld =
  'nothing of the blocked user reaches the blocker, and no answer tells: test/chat/blocks.suite.ts';
const shared = 'a shared room: stays visible, marked by viewerBlocked';
const power = 'an act of a moderator, an admin or a backend, which a block does not limit';
const found = 'a user or a room that anybody can find; the profile does not show a block';

/**
 * Of every operation and every event: what of a blocked user reaches the blocker, and what tells
 * the blocked user [P19].
 */
const rows: { readonly [reason: string]: readonly string[] } = {
  [own]: [
    'viewer',
    'sessions',
    'blockedUsers',
    'unreadNotificationCount',
    'openReportCount',
    'mySupportConversation',
    'serverInfo',
    'createUpload',
    'upload',
    'completeUpload',
    'exportMyData',
    'deleteMyAccount',
    'updateProfile',
    'createRoom',
    'signUp',
    'signIn',
    'signInAsGuest',
    'refreshSession',
    'extendConnection',
    'signOut',
    'changePassword',
    'endSession',
    'endOtherSessions',
    'unblockUser',
    'markNotificationsRead',
    'setNotificationLevel',
    'reportMessage',
    'reportUser',
    'acceptInvitation',
    'declineInvitation',
    'registerPushSubscription',
    'removePushSubscription',
    'BlockChanged',
    'UserUpdated',
    'CaughtUp',
    'StreamReset',
    'NotificationsRead',
    'NotificationLevelChanged',
    'OpenReportsChanged',
  ],
  [withheld]: [
    'blockUser',
    'conversation',
    'message',
    'node',
    'nodes',
    'directConversations',
    'notifications',
    'searchMessages',
    'sendMessage',
    'sendPrivateMessage',
    'editMessage',
    'deleteMessage',
    'addReaction',
    'removeReaction',
    'pinMessage',
    'unpinMessage',
    'markRead',
    'setTyping',
    'sendSignal',
    'inviteToRoom',
    'invitations',
    'privateMessages',
    'roomPresence',
    'typing',
    'signals',
    'user',
    'MessageSent',
    'MessageEdited',
    'MessageDeleted',
    'ReactionsChanged',
    'PinChanged',
    'MessagesRead',
    'NotificationReceived',
    'PushWanted',
    'TypingEvent',
    'Signal',
    'PresenceSnapshot',
    'UserCameOnline',
    'UserWentOffline',
  ],
  [shared]: [
    'roomMessages',
    'lobby',
    'updateRoom',
    'joinRoom',
    'leaveRoom',
    'inviteLinks',
    'createInviteLink',
    'revokeInviteLink',
    'acceptInviteLink',
    'MemberJoined',
    'MemberLeft',
    'MemberUpdated',
    'MessagesExpired',
    'RoomUpdated',
    'LobbySnapshot',
    'LobbyRoomChanged',
    'LobbyRoomRemoved',
  ],
  [power]: [
    'auditLog',
    'importMessages',
    'addMembers',
    'removeMembers',
    'setMemberMetadata',
    'deleteRoom',
    'setUserRole',
    'deleteUser',
    'exportUser',
    'MessagesImported',
    'RoomDeleted',
    'webhooks',
    'webhook',
    'createWebhook',
    'updateWebhook',
    'deleteWebhook',
    'rotateWebhookSecret',
    'replayWebhook',
    'appEvents',
    'AppEvent',
    'userByExternalId',
    'roomByExternalId',
    'connectionStats',
    'onlineUsers',
    'bans',
    'moderationLog',
    'reports',
    'userReports',
    'supportConversations',
    'supportMessages',
    'upsertUsers',
    'upsertRooms',
    'notify',
    'announce',
    'setMemberRole',
    'kickMember',
    'banMember',
    'unbanMember',
    'muteMember',
    'resolveReport',
    'resolveUserReport',
    'suspendUser',
    'assignSupport',
    'resolveSupport',
    'SupportUpdated',
    'DeskChanged',
  ],
  [found]: ['users', 'room', 'rooms', 'inviteLink'],
};

const operations = [
  schema.getQueryType()!,
  schema.getMutationType()!,
  schema.getSubscriptionType()!,
].flatMap((type) => Object.keys(type.getFields()));

/** The types of everything that a subscription sends. */
const events = Object.values(schema.getSubscriptionType()!.getFields()).flatMap(({ type }) => {
  const name = String(type).replace('!', '');
  const sent = schema.getType(name)!;
  if (isObjectType(sent)) return [name];
  return schema.getPossibleTypes(sent as never).map((one) => one.name);
});

describe('[P19] a blocked user', () => {
  it('has a row here for every operation and every event', () => {
    const listed = Object.values(rows).flat();
    expect(isUnionType(schema.getType('PresenceEvent'))).toBe(true);
    expect(listed.toSorted()).toEqual([...new Set([...operations, ...events])].toSorted());
  });
});
