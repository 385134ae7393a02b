import { describe } from 'vitest';
import { postgresUrl } from '../support/servers.ts';
import { describeReplies } from './replies.suite.ts';

describe.skipIf(!postgresUrl)('replies and the users of reactions, PostgreSQL', () =>
  describeReplies({ isEmbedded: false }),
);
