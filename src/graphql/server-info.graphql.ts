import type { Config } from '../config.ts';
import type { Limits as LimitConstants } from '../limits.ts';
import { version } from '../version.ts';
import { builder } from './builder.ts';

type LimitValues = LimitConstants & Pick<Config, 'ATTACHMENT_MAX_BYTES' | 'ATTACHMENT_QUOTA_BYTES'>;

const Limits = builder.objectRef<LimitValues>('Limits').implement({
  description: 'The limits and timers that a client needs to know.',
  fields: (t) => ({
    messageMaxCharacters: t.exposeInt('messageMaxCharacters', {
      description: 'The maximum length of a message, in Unicode code points.',
    }),
    pageDefault: t.exposeInt('pageDefault', {
      description: 'The size of a page without `first` or `last`.',
    }),
    pageMax: t.exposeInt('pageMax', { description: 'The maximum size of a page.' }),
    replayMax: t.exposeInt('replayMax', {
      description:
        'The maximum number of missed events that are replayed. Beyond it, the stream sends a `StreamReset`.',
    }),
    operationsPerConnection: t.exposeInt('operationsPerConnection', {
      description:
        'The maximum number of subscriptions on one socket, and of its queries and mutations without an answer yet.',
    }),
    runningOperationsPerUser: t.exposeInt('runningOperationsPerUser', {
      description:
        'The number of queries and mutations of a user that run at once on a node. Expensive ones count as several; further ones wait. The guests of an address count as one user, and so do its clients without a token.',
    }),
    waitingOperationsPerUser: t.exposeInt('waitingOperationsPerUser', {
      description:
        'The maximum number of queries and mutations of a user that wait on a node. A further one is refused with `RATE_LIMITED`.',
    }),
    runningOperationsPerConnection: t.exposeInt('runningOperationsPerUser', {
      description: 'The same as `runningOperationsPerUser`.',
      deprecationReason: 'Use `runningOperationsPerUser`: the connections of a user share it.',
    }),
    connectionsPerUser: t.exposeInt('connectionsPerUser', {
      description: 'The maximum number of connections of one user to one node.',
    }),
    anonymousConnectionsPerAddress: t.exposeInt('anonymousConnectionsPerAddress', {
      description:
        'The greatest number of connections without a token from one address to a node. An IPv6 /64 counts as one address.',
    }),
    frameMaxBytes: t.exposeInt('frameMaxBytes', {
      description: 'The maximum size in bytes of a WebSocket frame, and of an HTTP request body.',
    }),
    answerMaxBytes: t.exposeInt('answerMaxBytes', {
      description:
        'The maximum size in bytes of the answer to a query or mutation. A larger one is refused with `TOO_COMPLEX`: ask for less at once.',
    }),
    eventMaxBytes: t.exposeInt('eventMaxBytes', {
      description:
        'The maximum size in bytes of an event of a subscription. A larger one ends the subscription with `TOO_COMPLEX`: select less.',
    }),
    connectionBufferBytes: t.exposeInt('connectionBufferBytes', {
      description:
        'The number of unread bytes on one connection at which the server stops reading from it. It resumes when the client has read.',
    }),
    writeDeadlineMs: t.exposeInt('writeDeadlineMs', {
      description:
        'The time in ms within which a client must read, plus one second for each `drainBytesPerSecond` of unread bytes. Then the connection is closed.',
    }),
    drainBytesPerSecond: t.exposeInt('drainBytesPerSecond', {
      description: 'The minimum rate in bytes per second at which a client must read.',
    }),
    variablesMaxLevels: t.exposeInt('variablesMaxLevels', {
      description: 'The maximum number of levels of objects and lists in variables.',
    }),
    operationIdMaxCharacters: t.exposeInt('operationIdMaxCharacters', {
      description: 'The maximum length in characters of an operation id on a socket.',
    }),
    queryMaxTokens: t.exposeInt('queryMaxTokens', {
      description: 'The maximum number of tokens in a document.',
    }),
    queryMaxDepth: t.exposeInt('queryMaxDepth', {
      description: 'The maximum depth of an operation, in levels of fields.',
    }),
    queryMaxAliases: t.exposeInt('queryMaxAliases', {
      description: 'The maximum number of aliases in a document.',
    }),
    queryMaxCost: t.exposeInt('queryMaxCost', {
      description:
        'The maximum cost of an operation. A field costs 1; a list multiplies the cost of an item by its greatest length. A list of plain values costs a tenth of its length.',
    }),
    queryMaxDefinitions: t.exposeInt('queryMaxDefinitions', {
      description: 'The maximum number of operations and fragments in a document.',
    }),
    queryMaxComparisons: t.exposeInt('queryMaxComparisons', {
      description:
        'The maximum number of pairs of fields with the same name in the same place of a document. Fragments count too; n such fields make n(n−1)/2 pairs.',
    }),
    queryMaxSelections: t.exposeInt('queryMaxSelections', {
      description:
        'The maximum number of fields and fragments that a document selects. The content of a fragment counts wherever it is spread.',
    }),
    eventMaxCost: t.exposeInt('eventMaxCost', {
      description:
        'The maximum cost of an event of a subscription, counted like the cost of an operation.',
    }),
    eventCostPerTopic: t.exposeInt('eventCostPerTopic', {
      description:
        'The maximum cost of one event in all different subscriptions of a user that receive it, in total.',
    }),
    eventCostPerUser: t.exposeInt('eventCostPerUser', {
      description:
        'The maximum cost of the events of all different subscriptions of a user on a node: one event of each, in total.',
    }),
    subscriptionBytesPerUser: t.exposeInt('subscriptionBytesPerUser', {
      description:
        'The memory in bytes that the documents and variables of all different subscriptions of a user on a node may take in total. Subscriptions with the same document share its memory.',
    }),
    newDocumentsBurst: t.exposeInt('newDocumentsBurst', {
      description:
        'The number of characters of new documents that an address may send at once. A document is new until the node has stored it.',
    }),
    newDocumentsPerSecond: t.exposeInt('newDocumentsPerSecond', {
      description:
        'The number of characters of new documents that an address may send per second on average.',
    }),
    answerValuesBurst: t.exposeInt('answerValuesBurst', {
      description:
        'The number of values that the answers to a user may contain at once. Guests and clients without a token share the limit of their address.',
    }),
    answerValuesPerSecond: t.exposeInt('answerValuesPerSecond', {
      description:
        'The number of values that the answers to a user may contain per second on average.',
    }),
    subscriptionVariablesMaxCharacters: t.exposeInt('subscriptionVariablesMaxCharacters', {
      description: 'The maximum length of the declared variables of a subscription as JSON.',
    }),
    connectionInitMs: t.exposeInt('connectionInitMs', {
      description:
        'The time in ms within which a new socket must send `connection_init` and be accepted.',
    }),
    pingIntervalMs: t.exposeInt('pingIntervalMs', {
      description: 'The time in ms between two pings of the server on a socket.',
    }),
    pongTimeoutMs: t.exposeInt('pongTimeoutMs', {
      description: 'The time in ms within which a client must answer a ping.',
    }),
    accessTokenMs: t.exposeInt('accessTokenMs', {
      description: 'The lifetime in ms of an access token of this server.',
    }),
    sessionsPerUser: t.exposeInt('sessionsPerUser', {
      description:
        'The maximum number of sessions of a user. A further sign-in ends the least recently used one.',
    }),
    sendsPerWindow: t.exposeInt('sendsPerWindow', {
      description: 'The number of messages that a user may send in each `sendsWindowMs`.',
    }),
    sendsBurst: t.exposeInt('sendsBurst', {
      description: 'The number of messages that a user may send at once after a pause.',
    }),
    typingTtlMs: t.exposeInt('typingTtlMs', {
      description: 'The time in ms after which a typing state expires unless it is repeated.',
    }),
    typingResendMs: t.exposeInt('typingResendMs', {
      description: 'The time in ms within which repeats of `setTyping` are not sent on.',
    }),
    presenceTtlMs: t.exposeInt('presenceTtlMs', {
      description: 'The time in ms after which users of a failed node count as offline.',
    }),
    leaveGraceMs: t.exposeInt('leaveGraceMs', {
      description:
        'The time in ms between the end of the last connection of a user and the event that they went offline.',
    }),
    lobbyIntervalMs: t.exposeInt('lobbyIntervalMs', {
      description: 'The minimum time in ms between two events of a room in the lobby.',
    }),
    attachmentMaxBytes: t.exposeInt('ATTACHMENT_MAX_BYTES', {
      description: 'The size in bytes of the largest file that users can send.',
    }),
    attachmentQuotaBytes: t.exposeFloat('ATTACHMENT_QUOTA_BYTES', {
      description: 'The maximum size in bytes of all files of a user together, sent or not.',
    }),
    attachmentsPerMessage: t.exposeInt('attachmentsPerMessage', {
      description: 'The maximum number of attachments of a message.',
    }),
    fileTransfersPerUser: t.exposeInt('fileTransfersPerUser', {
      description:
        'The maximum number of files that a user can upload to a node and fetch from it at the same time.',
    }),
    sendsWindowMs: t.exposeInt('sendsWindowMs', {
      description: 'The time in ms over which sent messages are counted.',
    }),
  }),
});

export const ServerInfo = builder.objectRef<Config>('ServerInfo').implement({
  description: 'The public properties of this server. No token is needed.',
  fields: (t) => ({
    version: t.string({
      description: 'The version of Causerie on this server.',
      resolve: () => version,
    }),
    time: t.field({
      type: 'DateTime',
      description: 'The current time of the server, for clients with a wrong clock.',
      resolve: () => new Date(),
    }),
    signUpEnabled: t.boolean({
      description: 'Whether new users can create an account with a password.',
      resolve: ({ SIGN_UP }) => SIGN_UP === 'on',
    }),
    guestsEnabled: t.boolean({
      description: 'Whether users can sign in as guests.',
      resolve: ({ GUESTS }) => GUESTS === 'on',
    }),
    guestSupportEnabled: t.boolean({
      description: 'Whether guests have a support conversation.',
      resolve: ({ GUEST_SUPPORT }) => GUEST_SUPPORT === 'on',
    }),
    invitationsAreAsked: t.boolean({
      description:
        'Whether `inviteToRoom` makes invitations that users accept or decline. If `false`, they become members at once.',
      resolve: ({ INVITATIONS }) => INVITATIONS === 'ask',
    }),
    limits: t.field({
      type: Limits,
      description: 'The limits and timers that a client needs to know.',
      resolve: ({ limits, ATTACHMENT_MAX_BYTES, ATTACHMENT_QUOTA_BYTES }) => ({
        ...limits,
        ATTACHMENT_MAX_BYTES,
        ATTACHMENT_QUOTA_BYTES,
      }),
    }),
  }),
});

builder.queryField('serverInfo', (t) =>
  t.field({
    type: ServerInfo,
    description: 'The version, the time, and the limits and timers of this server.',
    resolve: (_root, _args, { scope }) => scope.node.config,
  }),
);
