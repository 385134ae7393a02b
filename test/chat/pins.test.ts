import { describe } from 'vitest';
import { postgresUrl } from '../support/servers.ts';
import { describePins } from './pins.suite.ts';

describe.skipIf(!postgresUrl)('pinned messages, PostgreSQL', () =>
  describePins({ isEmbedded: false }),
);
