import closeWithGrace from 'close-with-grace';
import { startApp } from './app.ts';
import { namesAdmins, readConfig } from './config.ts';
import { readEnvironment } from './environment.ts';
import { StartError } from './errors.ts';
import { createLog } from './log.ts';
import { version } from './version.ts';

// Keeps files in the data directory private. The embedded database sets the modes of some files
// itself, so the directory is private too.
process.umask(0o077);
try {
  const config = readConfig(readEnvironment());
  const log = createLog(config.LOG_LEVEL);
  const app = await startApp(config, log);
  log.info({ version, ...app.description }, `Causerie is listening on ${app.url}`);
  if (app.adminUrl) log.info(`Health and metrics: ${app.adminUrl}`);
  log.info(`Web client: open ${app.url} in a browser`);
  log.info(
    `GraphiQL: open ${app.url}/graphql in a browser; sockets: ${app.url.replace('http', 'ws')}/graphql`,
  );
  if (!config.DATABASE_URL && !namesAdmins(config))
    log.info(
      'This server has no admin. To become one, sign up, stop the server, and start it with: ADMIN_USERNAMES=your-username npm start',
    );
  closeWithGrace(
    { delay: config.limits.drainLeadMs + config.limits.drainMs + 5000, logger: undefined },
    async ({ signal, err }) => {
      if (err) log.fatal({ err }, 'an unexpected error ends the process');
      else log.info(`${signal}: closing`);
      await app.close();
    },
  );
} catch (error) {
  if (!(error instanceof StartError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
