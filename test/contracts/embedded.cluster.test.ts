import { describe } from 'vitest';
import { embeddedDirectory } from '../support/servers.ts';
import { describeMessageWriter } from './message-writer.suite.ts';
import { describeMessageWriterOfAllKinds } from './message-writer-kinds.suite.ts';
import { describeMessageWords } from './message-words.suite.ts';
import { describeSequencer } from './sequencer.suite.ts';
import { describeTrimLog } from './trim-log.suite.ts';

const embedded = async () => ({ DATA_DIR: await embeddedDirectory() });

describe('the message writer, embedded', () => describeMessageWriter(embedded, 1));
describe('the message writer and conversations of every kind, embedded', () =>
  describeMessageWriterOfAllKinds(embedded, 1));
describe('the words of messages, embedded', () => describeMessageWords(embedded));
describe('trimming the event log, embedded', () => describeTrimLog(embedded));
describe('the order of all events, embedded', () =>
  describeSequencer({ settings: embedded, isConcurrent: false }));
