import type { RequestListener } from 'node:http';
import type { Config } from '../config.ts';
import type { Log } from '../log.ts';
import type { Metrics } from '../metrics.ts';
import { createHttpServer, listen } from './http.ts';

interface AdminPort {
  /** Undefined if there is no such port. */
  readonly url: string | undefined;
  close(): void;
}

/** Serves these handlers on ADMIN_PORT, if it is set. Throws StartError. */
export async function openAdminPort(
  handlers: Readonly<Record<string, RequestListener>>,
  { HOST, ADMIN_PORT }: Config,
  parts: { readonly log: Log; readonly metrics: Metrics },
): Promise<AdminPort> {
  if (ADMIN_PORT === undefined) return { url: undefined, close() {} };
  const server = createHttpServer({ handlers, folders: {}, upgrades: {}, ...parts });
  return {
    // The nodes of a supervisor share all other ports.
    url: await listen(server, { host: HOST, port: ADMIN_PORT, exclusive: true }),
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
