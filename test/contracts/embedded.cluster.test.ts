import { describe } from 'vitest';
import { describeMessageWriter } from './message-writer.suite.ts';
import { describeMessageWriterOfAllKinds } from './message-writer-kinds.suite.ts';
import { describeMessageWords } from './message-words.suite.ts';
import { describeTrimLog } from './trim-log.suite.ts';

describe('the message writer, embedded', () =>
  describeMessageWriter(async () => ({ DATA_DIR: 'memory' }), 1));
describe('the message writer and conversations of every kind, embedded', () =>
  describeMessageWriterOfAllKinds(async () => ({ DATA_DIR: 'memory' }), 1));
describe('the words of messages, embedded', () =>
  describeMessageWords(async () => ({ DATA_DIR: 'memory' })));
describe('trimming the event log, embedded', () =>
  describeTrimLog(async () => ({ DATA_DIR: 'memory' })));
