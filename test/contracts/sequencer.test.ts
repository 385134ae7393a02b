import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { describeSequencer } from './sequencer.suite.ts';

describeWithPostgres('the order of all events, PostgreSQL', () =>
  describeSequencer({
    settings: async () => ({ DATABASE_URL: await createDatabase() }),
    isConcurrent: true,
  }),
);
