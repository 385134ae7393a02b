import type { NodeCore, Services } from '../scope.ts';
import { createConversationReads } from './conversations/shared-reads.ts';
import { createImageWorker } from './files/image-worker.ts';
import { createStoreTurns } from './files/stores.ts';
import { kinds } from './kinds.ts';
import { createDeliveryBell } from './messages/delivery-bell.ts';
import { createMessageGate } from './messages/message-gate.ts';
import { createMessageWriter } from './messages/message-writer.ts';
import { createPasswordQueue, hashesAtOnce } from './people/password-queue.ts';
import { reviews } from './moderation/reviews.ts';
import { markMessagesRead, markReadUpTo } from './notifications/notifications.ts';
import { createSilences } from './people/silences.ts';
import { createWordFinder } from './policy/word-filter.ts';
import { createLobby } from './presence/lobby.ts';
import { createRoomPresence } from './presence/room-presence.ts';
import { createTypingThrottle } from './presence/typing-throttle.ts';
import { joinDefaultRoom } from './rooms/default-room.ts';
import { leaveDesk } from './support/desk.ts';

/** The embedded database has a single connection. */
const writesAtOnce = ({ config }: NodeCore) => (config.DATABASE_URL ? 3 : 1);

function passwordQueueOptions({ config: { RATE_LIMITS, limits }, metrics }: NodeCore) {
  const isRated = RATE_LIMITS === 'on';
  return {
    atOnce: hashesAtOnce(),
    waitingPerAddress: isRated ? limits.passwordsWaitingPerAddress : Infinity,
    waiting: isRated ? limits.passwordsWaiting : Infinity,
    metrics,
  };
}

/**
 * Creates the services of a node. They do nothing until they are used. The caller must dispose of
 * `messageGate`, `roomPresence` and `typingThrottle`.
 */
export function createServices(node: NodeCore): Services {
  const roomPresence = createRoomPresence(node);
  const silences = createSilences(node);
  return {
    kinds,
    findWords: createWordFinder(node.config.forbiddenWords),
    silences,
    passwordQueue: createPasswordQueue(passwordQueueOptions(node)),
    welcome: joinDefaultRoom,
    loseAdminRole: leaveDesk,
    conversationReads: createConversationReads(node.database),
    readNotifications: markReadUpTo,
    readNotificationsAbout: markMessagesRead,
    reviews,
    messageWriter: createMessageWriter(node, kinds, writesAtOnce(node)),
    messageGate: createMessageGate(node),
    deliveryBell: createDeliveryBell(),
    imageWorker: createImageWorker(node),
    storeTurns: createStoreTurns(node),
    leavers: new Map(),
    roomPresence,
    typingThrottle: createTypingThrottle(node.signals, node.config.limits),
    lobby: createLobby(node, roomPresence, silences),
  };
}
