import { describe } from 'vitest';
import { describeAppEvents } from './app-events.suite.ts';

describe('appEvents', () => describeAppEvents({ isEmbedded: false }));
