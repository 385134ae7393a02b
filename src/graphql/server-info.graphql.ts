import type { Config } from '../config.ts';
import type { Limits } from '../limits.ts';
import { version } from '../version.ts';
import { builder } from './builder.ts';

const LimitsType = builder.objectRef<Limits>('Limits').implement({
  description:
    'What clients need to know of limits and timers. Going over one is refused with a code that says so.',
  fields: (t) => ({
    messageMaxCharacters: t.exposeInt('messageMaxCharacters', {
      description: 'The longest message, in Unicode code points.',
    }),
    pageDefault: t.exposeInt('pageDefault', {
      description: 'The size of a page where none is asked for.',
    }),
    pageMax: t.exposeInt('pageMax', { description: 'The largest page.' }),
    replayMax: t.exposeInt('replayMax', {
      description:
        'How many events a follower may be behind to be brought up by replay; beyond that comes a StreamReset.',
    }),
    operationsPerConnection: t.exposeInt('operationsPerConnection', {
      description: 'How many subscriptions one socket holds.',
    }),
    runningOperationsPerConnection: t.exposeInt('runningOperationsPerConnection', {
      description: 'How many queries and mutations of one socket run at once; others wait.',
    }),
    connectionsPerUser: t.exposeInt('connectionsPerUser', {
      description: 'How many connections one user holds on a node.',
    }),
    frameMaxBytes: t.exposeInt('frameMaxBytes', {
      description: 'The longest frame over a socket, and the largest body over HTTP.',
    }),
    answerMaxBytes: t.exposeInt('answerMaxBytes', {
      description:
        'The largest answer to a query or a mutation, in bytes. `TOO_COMPLEX` beyond it: ask for less at once.',
    }),
    eventMaxBytes: t.exposeInt('eventMaxBytes', {
      description:
        'The largest event of a subscription, in bytes. A larger one ends the subscription with `TOO_COMPLEX`: select less.',
    }),
    connectionBufferBytes: t.exposeInt('connectionBufferBytes', {
      description:
        'The bytes that may wait to be read on one connection. Beyond them the server stops reading from the connection until the client has read.',
    }),
    writeDeadlineMs: t.exposeInt('writeDeadlineMs', {
      description:
        'The time in ms within which bytes must be read, plus one second for each `drainBytesPerSecond` that waits before them. Then the connection is closed.',
    }),
    drainBytesPerSecond: t.exposeInt('drainBytesPerSecond', {
      description: 'The slowest rate at which a client may read what waits for it.',
    }),
    queryMaxTokens: t.exposeInt('queryMaxTokens', {
      description: 'The longest document, in tokens.',
    }),
    queryMaxDepth: t.exposeInt('queryMaxDepth', { description: 'How deep an operation may go.' }),
    queryMaxAliases: t.exposeInt('queryMaxAliases', {
      description: 'How many aliases a document may have.',
    }),
    queryMaxCost: t.exposeInt('queryMaxCost', {
      description:
        'What an operation may cost: a field 1, a list its greatest length times what is selected of an item, of plain values a tenth of its length.',
    }),
    queryMaxDefinitions: t.exposeInt('queryMaxDefinitions', {
      description: 'How many operations and fragments a document may have.',
    }),
    queryMaxComparisons: t.exposeInt('queryMaxComparisons', {
      description:
        'How many pairs of fields a document may have that are selected under one name in one place, in fragments too: n fields make n(n-1)/2 pairs.',
    }),
    queryMaxSelections: t.exposeInt('queryMaxSelections', {
      description:
        'How many fields and fragments a document may select, those of a fragment counted wherever it is spread.',
    }),
    eventMaxCost: t.exposeInt('eventMaxCost', {
      description:
        'What an event of a subscription may cost, counted like the cost of an operation.',
    }),
    eventCostPerTopic: t.exposeInt('eventCostPerTopic', {
      description:
        'What one event may cost in all different subscriptions of a user that receive it, together.',
    }),
    eventCostPerUser: t.exposeInt('eventCostPerUser', {
      description:
        'What the events of all different subscriptions of a user on a node may cost, one of each together.',
    }),
    newDocumentsBurst: t.exposeInt('newDocumentsBurst', {
      description:
        'How many characters of documents an address may send at once that the node does not know yet.',
    }),
    newDocumentsPerSecond: t.exposeInt('newDocumentsPerSecond', {
      description:
        'How many characters of documents an address may send in each second on average that the node does not know yet.',
    }),
    connectionInitMs: t.exposeInt('connectionInitMs', {
      description:
        'Within so many ms a new socket must have sent `connection_init` and been let in.',
    }),
    pingIntervalMs: t.exposeInt('pingIntervalMs', {
      description: 'How often the server pings a socket.',
    }),
    pongTimeoutMs: t.exposeInt('pongTimeoutMs', {
      description: 'Within so many ms a ping must be answered.',
    }),
    accessTokenMs: t.exposeInt('accessTokenMs', {
      description: 'How long an access token of this server lives.',
    }),
    sessionsPerUser: t.exposeInt('sessionsPerUser', {
      description:
        'How many sessions a user has. A further sign-in ends the one that was used least recently.',
    }),
    sendsPerWindow: t.exposeInt('sendsPerWindow', {
      description: 'How many messages a user may send in each `sendsWindowMs`.',
    }),
    sendsBurst: t.exposeInt('sendsBurst', {
      description: 'How many messages a user may send at once after a pause.',
    }),
    typingTtlMs: t.exposeInt('typingTtlMs', {
      description: 'For how many ms one is told to be typing unless it is repeated.',
    }),
    typingResendMs: t.exposeInt('typingResendMs', {
      description: 'Repeats of `setTyping` within so many ms are not told again.',
    }),
    presenceTtlMs: t.exposeInt('presenceTtlMs', {
      description: 'Within so many ms the users of a node that died are told to be gone.',
    }),
    leaveGraceMs: t.exposeInt('leaveGraceMs', {
      description:
        'So many ms after the last connection ended it is told that a user went offline.',
    }),
    lobbyIntervalMs: t.exposeInt('lobbyIntervalMs', {
      description: 'The lobby tells of a room at most once in so many ms.',
    }),
    sendsWindowMs: t.exposeInt('sendsWindowMs', {
      description: 'The time over which sends are counted, in ms.',
    }),
  }),
});

const ServerInfo = builder.objectRef<Config>('ServerInfo').implement({
  description: 'What a client can know of this server before it signs in.',
  fields: (t) => ({
    version: t.string({
      description: 'The version of Causerie that runs here.',
      resolve: () => version,
    }),
    time: t.field({
      type: 'DateTime',
      description: "The server's clock, for clients whose own is wrong.",
      resolve: () => new Date(),
    }),
    signUpEnabled: t.boolean({
      description: 'Whether anybody may create an account with a password.',
      resolve: ({ SIGN_UP }) => SIGN_UP === 'on',
    }),
    guestsEnabled: t.boolean({
      description: 'Whether anybody may sign in as a guest.',
      resolve: ({ GUESTS }) => GUESTS === 'on',
    }),
    limits: t.field({
      type: LimitsType,
      description: 'What is refused, and when.',
      resolve: ({ limits }) => limits,
    }),
  }),
});

builder.queryField('serverInfo', (t) =>
  t.field({
    type: ServerInfo,
    description: 'Version, time, and every limit and timer a client needs.',
    resolve: (_root, _args, { scope }) => scope.node.config,
  }),
);
