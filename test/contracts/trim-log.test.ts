import { createDatabase, describeWithPostgres } from '../support/servers.ts';
import { describeTrimLog } from './trim-log.suite.ts';

describeWithPostgres('trimming the event log, PostgreSQL', () =>
  describeTrimLog(async () => ({
    DATABASE_URL: await createDatabase(),
    JWT_SECRET: 'a secret that only the tests know, 32+ characters',
  })),
);
