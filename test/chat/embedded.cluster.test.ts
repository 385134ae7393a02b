import { describe } from 'vitest';
import { describeBlocks } from './blocks.suite.ts';
import { describeFiles } from './files.suite.ts';
import { describeInvitations } from './invite-links.suite.ts';
import { describeNotificationLevels } from './notification-levels.suite.ts';
import { describePins } from './pins.suite.ts';
import { describeBackendMessages } from './backend-messages.suite.ts';
import { describeBackendRooms } from './backend-rooms.suite.ts';
import { describeWebhooks } from '../gateway/webhooks.suite.ts';
import { describeAppEvents } from './app-events.suite.ts';
import { describeDeletedNotifications } from './deleted-notifications.suite.ts';
import { describeImports } from './import-messages.suite.ts';
import { describeReactions } from './reactions.suite.ts';
import { describeReplies } from './replies.suite.ts';
import { describeSearch } from './search.suite.ts';
import { describeMessageChanges } from './message-changes.suite.ts';

describe('blocking, embedded', () => describeBlocks({ isEmbedded: true }));
describe('files, embedded', () => describeFiles({ isEmbedded: true }));
describe('ways into rooms, embedded', () => describeInvitations({ isEmbedded: true }));
describe('notification levels, embedded', () => describeNotificationLevels({ isEmbedded: true }));
describe('pinned messages, embedded', () => describePins({ isEmbedded: true }));
describe('reactions, embedded', () => describeReactions({ isEmbedded: true }));
describe('replies and the users of reactions, embedded', () =>
  describeReplies({ isEmbedded: true }));
describe('searchMessages, embedded', () => describeSearch({ isEmbedded: true }));
describe('messages after they were sent, embedded', () =>
  describeMessageChanges({ isEmbedded: true }));
describe('messages of backends, embedded', () => describeBackendMessages({ isEmbedded: true }));
describe('appEvents, embedded', () => describeAppEvents({ isEmbedded: true }));
describe('webhooks, embedded', () => describeWebhooks({ isEmbedded: true }));
describe('a notification, embedded', () => describeDeletedNotifications({ isEmbedded: true }));
describe('rooms and users of backends, embedded', () => describeBackendRooms({ isEmbedded: true }));
describe('importMessages, embedded', () => describeImports({ isEmbedded: true }));
