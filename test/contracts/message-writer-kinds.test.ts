import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { describeMessageWriterOfAllKinds } from './message-writer-kinds.suite.ts';

describeWithPostgres('the message writer and conversations of every kind, PostgreSQL', () =>
  describeMessageWriterOfAllKinds(async () => ({ DATABASE_URL: await createDatabase() }), 3),
);
