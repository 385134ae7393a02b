import { describe } from 'vitest';
import { postgresUrl } from '../support/servers.ts';
import { describeNotificationLevels } from './notification-levels.suite.ts';

describe.skipIf(!postgresUrl)('notification levels, PostgreSQL', () =>
  describeNotificationLevels({ isEmbedded: false }),
);
