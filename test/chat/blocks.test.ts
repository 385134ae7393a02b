import { describe } from 'vitest';
import { postgresUrl } from '../support/servers.ts';
import { describeBlocks } from './blocks.suite.ts';

describe.skipIf(!postgresUrl)('blocking, PostgreSQL', () => describeBlocks({ isEmbedded: false }));
