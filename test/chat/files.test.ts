import { describe } from 'vitest';
import { postgresUrl } from '../support/servers.ts';
import { describeFiles } from './files.suite.ts';

describe.skipIf(!postgresUrl)('files, PostgreSQL', () => describeFiles({ isEmbedded: false }));
