import { describe } from 'vitest';
import { describeReactions } from './reactions.suite.ts';
import { describeSearch } from './search.suite.ts';
import { describeMessageChanges } from './message-changes.suite.ts';

describe('reactions, embedded', () => describeReactions({ DATA_DIR: 'memory' }));
describe('searchMessages, embedded', () => describeSearch({ DATA_DIR: 'memory' }));
describe('messages after they were sent, embedded', () =>
  describeMessageChanges({ DATA_DIR: 'memory' }));
