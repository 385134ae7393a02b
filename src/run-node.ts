import closeWithGrace from 'close-with-grace';
import { startApp } from './app.ts';
import { namesAdmins, type Config } from './config.ts';
import type { Log } from './log.ts';
import type { Supervision } from './supervision.ts';
import { version } from './version.ts';

/** The longest time that closing a node takes, in ms. */
export const closeMaxMs = ({ limits }: Config): number =>
  limits.drainLeadMs + limits.drainMs + 5000;

/** Runs a node until a signal or its supervisor closes it. Throws StartError. */
export async function runNode(config: Config, log: Log, supervision?: Supervision): Promise<void> {
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
  let isClosing = false;
  const { close } = closeWithGrace(
    { delay: closeMaxMs(config), logger: undefined },
    async ({ signal, err }) => {
      isClosing = true;
      if (err) log.fatal({ err }, 'an unexpected error ends the process');
      else log.info(`${signal ?? 'the supervisor ends'}: closing`);
      await app.close();
    },
  );
  supervision?.onClose(() => {
    if (!isClosing) close();
  });
  supervision?.reportListening();
}
