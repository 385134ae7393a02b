import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { CloseCode, handleProtocols } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Authenticator } from '../chat/people/authenticator.ts';
import type { Node } from '../scope.ts';
import { createClientAddress, describeClient } from './client-address.ts';
import { parseClientMessage } from './client-message.ts';
import { closeReasonWithin } from './close-codes.ts';
import { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { createProtocol } from './graphql-ws.ts';
import { guarded } from './guarded.ts';
import type { UpgradeListener } from './http.ts';
import { createKeepAlive } from './keep-alive.ts';
import { createOperationTurns } from './operation-turns.ts';
import { isAllowedOrigin } from './origins.ts';
import type { Outboxes } from './outboxes.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';

interface Sockets {
  readonly node: Node;
  /** See createOriginRefusals. */
  readonly explainOrigin: (origin: string) => string;
  readonly authenticator: Authenticator;
  readonly connections: Connections;
  readonly outboxes: Outboxes;
  readonly protocol: ReturnType<typeof createProtocol>;
  /** Whether the node accepts new sockets. */
  isAccepting(): boolean;
}

/** Accepts and closes the sockets of /graphql. */
export function createSockets({
  node,
  explainOrigin,
  authenticator,
  connections,
  outboxes,
  protocol,
  isAccepting,
}: Sockets): {
  readonly upgrade: UpgradeListener;
  /** Closes all remaining sockets at once. */
  end(): void;
} {
  const { limits, ALLOWED_ORIGINS } = node.config;
  const clientAddress = createClientAddress(node.config.TRUSTED_PROXIES);
  // Compression would need a copy of each frame for each subscriber, and frames could not bypass
  // the library.
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameMaxBytes,
    perMessageDeflate: false,
    // One message of a packet in each turn of the event loop. So a client that sends hundreds of
    // expensive ones does not keep others waiting for all of them [P13].
    allowSynchronousEvents: false,
    handleProtocols,
  });
  const keepAlive = createKeepAlive(limits);

  function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (!isAccepting())
      return refuseUpgrade(socket, 503, 'This node is shutting down. Connect to another one.\n');
    const { origin, host } = request.headers;
    if (!isAllowedOrigin(origin, host, ALLOWED_ORIGINS))
      return refuseUpgrade(socket, 403, explainOrigin(origin!));
    webSockets.handleUpgrade(request, socket, head, (webSocket) => {
      try {
        accept(webSocket, socket, request);
      } catch (error) {
        logFault(error);
        webSocket.terminate();
      }
    });
  }

  function logFault(error: unknown): void {
    node.log.error({ err: error }, 'accepting a socket failed');
  }

  function accept(webSocket: WebSocket, socket: Socket, request: IncomingMessage): void {
    socket.setNoDelay(true);
    const outbox = outboxes.of(socket);
    outbox.address = clientAddress(request);
    const connection = new Connection(webSocket, outbox, describeClient(request), authenticator);
    outbox.onLate = () => {
      connection.close('tooSlow');
      // A client that never reads the close must not keep its user online.
      connections.remove(connection);
    };
    // The frame was too long or malformed. The library has already closed the socket with a code of
    // RFC 6455 §7.4.
    webSocket.on('error', (error) =>
      node.log.debug({ error: error.message, connectionId: connection.id }, 'a socket failed'),
    );
    webSocket.once('close', guarded(release, fail));
    webSocket.on('ping', throttle);
    connections.add(connection);
    keepAlive.watch(webSocket, outbox);
    let initDeadline: NodeJS.Timeout | undefined = setTimeout(
      () => connection.close('initTimeout'),
      limits.connectionInitMs,
    );
    const closed = protocol.opened(
      {
        protocol: webSocket.protocol,
        send: async (text) => {
          if (isOpen()) webSocket.send(text);
          throttle();
          if (text.startsWith('{"type":"connection_ack"')) clearInitDeadline();
        },
        close: (code, reason) => webSocket.close(code, closeReasonWithin(reason ?? '')),
        onMessage(handle) {
          const receive = createOperationTurns({
            // The library also accepts a parsed message, which its type does not say, and need not
            // parse the text again.
            pass: async (message) => {
              if (isOpen()) await handle(message as unknown as string);
            },
            refuseDuplicate: (operationId) =>
              webSocket.close(
                CloseCode.SubscriberAlreadyExists,
                closeReasonWithin(`Subscriber for ${operationId} already exists`),
              ),
          });
          webSocket.on('message', (data, isBinary) => {
            // Messages after the close are ignored.
            if (!isOpen()) return;
            const message = isBinary ? undefined : parseClientMessage(String(data));
            if (message) receive(message).catch(fail);
            else connection.close('malformed');
          });
        },
      },
      {
        connection,
        carriers: {
          headers: request.headers,
          url: request.url ?? '/',
          allowedOrigins: ALLOWED_ORIGINS,
        },
      },
    );

    function isOpen(): boolean {
      return webSocket.readyState === webSocket.OPEN;
    }
    /** Stops reading from a client that does not read, until it has read what waits for it [P5]. */
    function throttle(): void {
      outbox.settle();
      if (!outbox.isOverfull || webSocket.isPaused) return;
      webSocket.pause();
      void outbox.whenReady().then(() => webSocket.resume());
    }
    function release(code: number, reason: Buffer): Promise<void> {
      clearInitDeadline();
      keepAlive.forget(webSocket);
      connections.remove(connection);
      connection.release();
      return closed(code, String(reason));
    }
    function clearInitDeadline(): void {
      clearTimeout(initDeadline);
      initDeadline = undefined;
    }
    function fail(error: unknown): void {
      node.log.error(
        { err: error, connectionId: connection.id },
        'handling a message on a socket failed',
      );
      connection.close('internal');
    }
  }

  return {
    upgrade,
    end() {
      keepAlive.stop();
      for (const webSocket of webSockets.clients) webSocket.terminate();
      webSockets.close();
    },
  };
}
