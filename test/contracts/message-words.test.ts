import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { describeMessageWords } from './message-words.suite.ts';

describeWithPostgres('the words of messages, PostgreSQL', () =>
  describeMessageWords(async () => ({ DATABASE_URL: await createDatabase() })),
);
