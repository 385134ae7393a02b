import { describe } from 'vitest';
import { postgresUrl } from '../support/servers.ts';
import { describeInvitations } from './invite-links.suite.ts';

describe.skipIf(!postgresUrl)('ways into rooms, PostgreSQL', () =>
  describeInvitations({ isEmbedded: false }),
);
