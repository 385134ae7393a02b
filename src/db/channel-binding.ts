import type { EventEmitter } from 'node:events';
import type { Socket } from 'node:net';
import type pg from 'pg';

/** The part of `pg` that knows how the server asks for the password. */
interface Authentication {
  readonly connection: EventEmitter & { readonly stream: Socket };
}

const bound = 'SCRAM-SHA-256-PLUS';

/**
 * Ends the connection of a client before it answers a server that does not offer authentication
 * bound to the TLS connection. A server in between, which has another certificate, cannot offer it.
 */
export function requireChannelBinding(client: pg.Client): void {
  const { connection } = client as unknown as Authentication;
  let isBound = false;
  const refuse = (): void => {
    connection.stream.destroy(
      new Error(
        'the server does not support channel_binding=require: it needs TLS and a SCRAM password',
      ),
    );
  };
  // Before the listeners of `pg`, which answer the server.
  connection.prependListener('authenticationSASL', ({ mechanisms }: { mechanisms: string[] }) => {
    isBound = mechanisms.includes(bound);
    if (!isBound) refuse();
  });
  for (const request of ['authenticationCleartextPassword', 'authenticationMD5Password'])
    connection.prependListener(request, refuse);
  // The server may let the client in without a password.
  connection.prependListener('authenticationOk', () => {
    if (!isBound) refuse();
  });
}
