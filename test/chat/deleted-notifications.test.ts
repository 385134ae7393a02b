import { describe } from 'vitest';
import { postgresUrl } from '../support/servers.ts';
import { describeDeletedNotifications } from './deleted-notifications.suite.ts';

describe.skipIf(!postgresUrl)('a notification, PostgreSQL', () =>
  describeDeletedNotifications({ isEmbedded: false }),
);
