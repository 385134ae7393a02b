import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { handleProtocols } from 'graphql-ws';
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
import type { Outboxes } from './outboxes.ts';
import { refuseUpgrade } from './refuse-upgrade.ts';
import { isAllowedOrigin } from './token-carriers.ts';

interface Sockets {
  readonly node: Node;
  readonly authenticator: Authenticator;
  readonly connections: Connections;
  readonly outboxes: Outboxes;
  readonly protocol: ReturnType<typeof createProtocol>;
  /** Whether new sockets are taken. */
  isAccepting(): boolean;
}

/** The sockets of /graphql. */
export function createSockets({
  node,
  authenticator,
  connections,
  outboxes,
  protocol,
  isAccepting,
}: Sockets): {
  readonly upgrade: UpgradeListener;
  /** Ends those that are left. */
  end(): void;
} {
  const { limits, ALLOWED_ORIGINS } = node.config;
  const clientAddress = createClientAddress(node.config.TRUSTED_PROXIES);
  // Compression would hold a copy of every frame for every subscriber, and keep it from being written past the library.
  const webSockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.frameMaxBytes,
    perMessageDeflate: false,
    handleProtocols,
  });
  const keepAlive = createKeepAlive(limits);

  function upgrade(request: IncomingMessage, socket: Socket, head: Buffer): void {
    if (!isAccepting())
      return refuseUpgrade(socket, 503, 'This node is going away. Connect to another one.\n');
    const { origin, host } = request.headers;
    if (!isAllowedOrigin(origin, host, ALLOWED_ORIGINS))
      return refuseUpgrade(socket, 403, 'ALLOWED_ORIGINS does not list the origin of this page.\n');
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
    node.log.error({ err: error }, 'a listener of a socket failed');
  }

  function accept(webSocket: WebSocket, socket: Socket, request: IncomingMessage): void {
    socket.setNoDelay(true);
    const outbox = outboxes.of(socket);
    outbox.address = clientAddress(request);
    const connection = new Connection(
      webSocket,
      outbox,
      describeClient(request),
      authenticator,
      limits,
    );
    outbox.onLate = () => {
      connection.close('tooSlow');
      // A reader that never takes the close keeps nobody online.
      connections.remove(connection);
    };
    // A frame that is too long or malformed: the library has closed the socket with the code of RFC 6455 §7.4 already.
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
          if (webSocket.readyState === webSocket.OPEN) webSocket.send(text);
          throttle();
          if (text.startsWith('{"type":"connection_ack"')) stopWaiting();
        },
        close: (code, reason) => webSocket.close(code, closeReasonWithin(reason ?? '')),
        onMessage: (hear) =>
          webSocket.on('message', (data, isBinary) => {
            // What comes after the close counts for nothing.
            if (webSocket.readyState !== webSocket.OPEN) return;
            const message = isBinary ? undefined : parseClientMessage(String(data));
            if (!message) return connection.close('malformed');
            // The library takes what is parsed as it takes a text.
            hear(message as never).catch(fail);
          }),
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

    /** A client that does not read what it is sent is not read either, until it does. */
    function throttle(): void {
      outbox.settle();
      if (!outbox.isOverfull || webSocket.isPaused) return;
      webSocket.pause();
      void outbox.whenReady().then(() => webSocket.resume());
    }
    function release(code: number, reason: Buffer): Promise<void> {
      stopWaiting();
      keepAlive.forget(webSocket);
      connections.remove(connection);
      connection.release();
      return closed(code, String(reason));
    }
    function stopWaiting(): void {
      clearTimeout(initDeadline);
      initDeadline = undefined;
    }
    function fail(error: unknown): void {
      node.log.error(
        { err: error, connectionId: connection.id },
        'a message on a socket could not be handled',
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
