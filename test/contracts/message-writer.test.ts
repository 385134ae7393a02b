import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { describeMessageWriter } from './message-writer.suite.ts';

describeWithPostgres('the message writer, PostgreSQL', () =>
  describeMessageWriter(async () => ({ DATABASE_URL: await createDatabase() }), 3),
);
