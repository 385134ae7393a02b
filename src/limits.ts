/**
 * The limits and timers of the promises. They are constants, not settings, because clients rely on
 * them. Tests use shorter ones.
 */
export const defaultLimits = {
  messageMaxCharacters: 4000,
  pageDefault: 50,
  pageMax: 100,
  replayMax: 1000,
  frameMaxBytes: 64 * 1024,
  /** The largest request of a backend. */
  serviceBodyMaxBytes: 8 * 1024 * 1024,
  /** Levels of objects and lists in the variables of an operation [P13]. */
  variablesMaxLevels: 64,
  /** Characters of an operation id on a socket. Each result repeats it. Stock clients use UUIDs. */
  operationIdMaxCharacters: 128,
  queryMaxTokens: 2000,
  queryMaxDepth: 12,
  queryMaxAliases: 30,
  /** Operations and fragments in one document. */
  queryMaxDefinitions: 60,
  /**
   * Pairs of fields with the same name at the same position of the answer, fragments included.
   * Validation compares each pair [P13].
   */
  queryMaxComparisons: 2000,
  /**
   * Fields and fragments selected in a document. The fields of a fragment count at every spread
   * [P13].
   */
  queryMaxSelections: 2000,
  queryMaxCost: 35_000,
  /** The greatest cost of one event of a subscription [P13]. */
  eventMaxCost: 500,
  /**
   * The greatest cost of one event in all different subscriptions of a user to its topic together
   * [P13].
   */
  eventCostPerTopic: 3000,
  /**
   * The greatest cost of all different subscriptions of a user together, one event of each [P13].
   */
  eventCostPerUser: 100_000,
  /**
   * Pages of missed events that a node reads and executes at once for one user. The first of each
   * user never waits; the further ones of all users share `furtherReplays` [P13].
   */
  replaysPerUser: 4,
  furtherReplays: 64,
  /**
   * Subscriptions of a user that a node starts at once: it checks permission and reads recent
   * events. The first of each user never waits for others; the further ones of all users share
   * `furtherStarts` [P13].
   */
  startsPerUser: 4,
  furtherStarts: 64,
  /** The memory for cached parsed documents of a node, in bytes [P13]. */
  documentsMaxBytes: 32 * 1024 * 1024,
  /**
   * Characters of new documents that an address may send at once, and in each second on average
   * [P13].
   */
  newDocumentsBurst: 150_000,
  newDocumentsPerSecond: 15_000,
  /**
   * Values that the answers to a user may have at once, and in each second on average. Guests and
   * clients without a token share those of their address [P13].
   */
  answerValuesBurst: 100_000,
  answerValuesPerSecond: 10_000,
  /**
   * The memory for the documents and variables of all different subscriptions of a user, in bytes
   * [P13].
   */
  subscriptionBytesPerUser: 8 * 1024 * 1024,
  /** The variables that a subscription declares, as JSON. They are stored as long as it lasts. */
  subscriptionVariablesMaxCharacters: 4000,
  operationsPerConnection: 100,
  /**
   * Queries and mutations of a user that run at once on a node; expensive ones count as several.
   * The first of each user never waits for others; the further ones of all users share
   * `furtherOperations` [P13].
   */
  runningOperationsPerUser: 16,
  furtherOperations: 32,
  /**
   * Pages of lists that the operations of a user read from the database at once. The first of each
   * user never waits for others; the further ones of all users share `furtherPageReads` [P13].
   */
  pageReadsPerUser: 4,
  furtherPageReads: 16,
  /** Queries and mutations that wait, of one user and of all [P13]. */
  waitingOperationsPerUser: 256,
  waitingOperations: 1024,
  /**
   * Operations of a user that wait for the message gate, the store of files, or a password hash.
   * Meanwhile they do not count as running; expensive ones count as several [P13].
   */
  pausedOperationsPerUser: 128,
  connectionsPerUser: 20,
  /** Sockets and event streams without a token; an IPv6 /64 counts as one address [P13]. */
  anonymousConnectionsPerAddress: 100,
  connectionInitMs: 5000,
  pingIntervalMs: 25_000,
  pongTimeoutMs: 10_000,
  accessTokenMs: 15 * 60_000,
  /** Guests have no refresh token, so this is also the length of their stay. */
  guestTokenMs: 24 * 3_600_000,
  refreshTokenMs: 30 * 24 * 3_600_000,
  /**
   * The time after its first use in which a refresh token is accepted again, because the answer may
   * have been lost [P10].
   */
  refreshRepeatMs: 60_000,
  /**
   * The memory for hashing a password, in KiB. OWASP recommends this value for two passes of
   * argon2id.
   */
  passwordHashKiB: 19_456,
  /**
   * Passwords that wait to be hashed, of one address and of all. A node hashes 20 to 50 in a second
   * [P13].
   */
  passwordsWaitingPerAddress: 64,
  passwordsWaiting: 256,
  /** A further sign-in ends the session that was used least recently. */
  sessionsPerUser: 100,
  sendsPerWindow: 10,
  sendsBurst: 20,
  sendsWindowMs: 10_000,
  /**
   * The largest answer. The SDK's largest page needs 6 MB: 100 messages of 4,000 characters of 4
   * bytes, each with the message that it replies to, with mentions and reactions.
   */
  answerMaxBytes: 8 * 1024 * 1024,
  /** The largest event of a subscription. */
  eventMaxBytes: 512 * 1024,
  /**
   * Unread bytes on one connection. Beyond them, its subscriptions switch to replay and the server
   * stops reading from it [P5].
   */
  connectionBufferBytes: 1024 * 1024,
  /**
   * Unread bytes on one connection, together with the answers that are being produced for it [P13].
   */
  connectionMaxBytes: 32 * 1024 * 1024,
  /**
   * The time in which bytes must be read, plus one second for each `drainBytesPerSecond` that wait
   * before them [P5].
   */
  writeDeadlineMs: 30_000,
  drainBytesPerSecond: 16 * 1024,
  /** The time that a client which missed the deadline has to read the reason for the close. */
  closeReasonMs: 5000,
  /** The largest number of events that a topic keeps, whatever their age. */
  eventsKeptPerTopic: 100_000,
  /**
   * The time after their last connection when guests are removed. Equal to `guestTokenMs`: a guest
   * has only one token.
   */
  guestKeptMs: 24 * 3_600_000,
  /** The interval at which a node deletes expired rows. */
  maintenanceMs: 5 * 60_000,
  /** The interval at which a node looks after its embedded database. */
  upkeepMs: 1000,
  /** The write-ahead log that the embedded database writes between two checkpoints, in bytes. */
  checkpointBytes: 32 * 1024 * 1024,
  /** The interval at which a node looks for notifications that another node has not delivered. */
  deliveryCheckMs: 2000,
  /** The interval at which a node compares its topics with the log [P4]. */
  headCheckMs: 1000,
  /**
   * The time after the death of a node until another one does the work that one node does for all
   * [P16].
   */
  leaseMs: 3000,
  /**
   * The shortest interval between two comparisons of all conversations with the order of all events
   * [P16].
   */
  sequencerCompareMs: 500,
  webhooksMax: 20,
  /** The time that a receiver has for the whole answer. */
  webhookTimeoutMs: 15_000,
  /** The first and the longest pause before a delivery is tried again. */
  webhookRetryMs: 5000,
  webhookRetryMaxMs: 3_600_000,
  /** How long a delivery is tried again [P16]. */
  webhookGiveUpMs: 3 * 24 * 3_600_000,
  /** How long the former secret of a webhook stays valid after a rotation. */
  webhookSecretMs: 24 * 3_600_000,
  /** The interval at which a node looks for changed webhooks. */
  webhookCheckMs: 1000,
  attachmentsPerMessage: 10,
  /** How long a file is kept that is not part of a message, complete or not. */
  unsentFileMs: 24 * 3_600_000,
  /** The smallest size of the parts of an upload, and their greatest number. */
  uploadPartBytes: 8 * 1024 * 1024,
  uploadPartsMax: 200,
  /** Files that clients of a user, and of all users, put to or get from a node at once [P13]. */
  fileTransfersPerUser: 16,
  /** The same for an address; an IPv6 /64 counts as one address [P13]. */
  fileTransfersPerAddress: 64,
  fileTransfers: 512,
  /**
   * Operations of a user that use the store of files at once. The first of each user never waits
   * for others; the further ones of all users share `furtherStoreUses` [P13].
   */
  storeUsesPerUser: 8,
  furtherStoreUses: 64,
  storeUsesWaiting: 1024,
  /** The bytes and pixels of an image, in all its frames; larger ones are refused [P13]. */
  imageMaxBytes: 64 * 1024 * 1024,
  imageMaxPixels: 50_000_000,
  /** Images that wait to be read, of all users and of one. Each may take seconds [P13]. */
  imagesWaiting: 16,
  imagesWaitingPerUser: 3,
  /** The free space of the disk below which a node accepts no more files [P13]. */
  diskReserveBytes: 1024 ** 3,
  /** The time until the message gate is asked again after it did not answer. */
  gatePauseMs: 5000,
  /** Questions to the message gate at once, at most one for each user [P13]. */
  gateQuestions: 128,
  /**
   * Messages that wait for their question. `pausedOperationsPerUser` bounds those of a user [P13].
   */
  gateWaiting: 2048,
  /** A further subscription replaces the oldest one of the user. */
  pushSubscriptionsPerUser: 20,
  /** Pushes that wait for one subscription. Further ones are not stored [P13]. */
  pendingPushesPerSubscription: 100,
  /** The time in which a client can mark a notification as read before it is pushed. */
  pushDelayMs: 1500,
  /** The interval at which a node looks for pushes that are due. */
  pushCheckMs: 500,
  /** The time that a push service has for the whole answer. */
  pushTimeoutMs: 10_000,
  /**
   * Requests to push services at which a node starts no further one: all, to one service, of one
   * user, and to services that did not answer within a second the last time. Up to as many again
   * of one service or user may start in the same step [P13].
   */
  pushRequests: 128,
  pushRequestsPerService: 8,
  pushRequestsPerUser: 4,
  pushRequestsToOthers: 32,
  /** The users whose pushes in a row a service must refuse for a while, until it is paused. */
  pushFailingUsers: 3,
  /** The longest pause of a service that it asks for. Pauses of one browser may be longer. */
  pushAskedPauseMaxMs: 60_000,
  /** The time after the death of a node until another one sends the pushes that it was sending. */
  pushClaimMs: 30_000,
  /** The first and the longest pause before a push is tried again. */
  pushRetryMs: 5000,
  pushRetryMaxMs: 30 * 60_000,
  /** How long a push is tried again. */
  pushGiveUpMs: 6 * 3_600_000,
  /** A user who sent or read something within this time is active in the conversation. */
  pushActiveMs: 15_000,
  /**
   * The time in which a node of several that stops still accepts connections, while it says that it
   * is not ready. Longer than balancers take to notice.
   */
  drainLeadMs: 3000,
  drainMs: 10_000,
  /** The time after which a typing signal expires unless it is repeated [P7]. */
  typingTtlMs: 8000,
  /** Repeats of a typing signal within this time are not published. */
  typingResendMs: 2000,
  /** The interval at which a node renews its presence keys in Redis [P7]. */
  presenceRefreshMs: 25_000,
  /**
   * The time after a node's death in which its users are reported as offline [P7]. It must be more
   * than `presenceRefreshMs` and twice `leaveGraceMs` together.
   */
  presenceTtlMs: 60_000,
  /** The delay before a departure is announced, so that a page reload goes unnoticed [P7]. */
  leaveGraceMs: 10_000,
  /** The shortest interval between two changes of one room in the lobby. */
  lobbyIntervalMs: 250,
};

export type Limits = typeof defaultLimits;
