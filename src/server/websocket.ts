import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import { handleProtocols } from 'graphql-ws';
import { WebSocketServer, type WebSocket } from 'ws';
import type { Authenticator } from '../chat/people/authenticator.ts';
import type { Node } from '../scope.ts';
import { createClientAddress } from './client-address.ts';
import { Connection } from './connection.ts';
import type { Connections } from './connections.ts';
import type { createProtocol } from './graphql-ws.ts';
import { createKeepAlive } from './keep-alive.ts';
import { isAllowedOrigin } from './token-carriers.ts';

const sweepMs = 1000;

interface Sockets {
  readonly node: Node;
  readonly authenticator: Authenticator;
  readonly connections: Connections;
  readonly protocol: ReturnType<typeof createProtocol>;
  /** Whether new sockets are taken. */
  isAccepting(): boolean;
}

/** Takes the sockets of /graphql on an HTTP server. The function returned ends what is left of them. */
export function acceptSockets(
  server: Server,
  { node, authenticator, connections, protocol, isAccepting }: Sockets,
): () => void {
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
  const sweep = setInterval(() => connections.closeStuck(), sweepMs);

  server.on('upgrade', (request: IncomingMessage, socket: Socket, head: Buffer) => {
    socket.on('error', destroy);
    if (new URL(request.url ?? '/', 'http://any').pathname !== '/graphql')
      return refuse(socket, 404, 'Not Found');
    if (!isAccepting()) return refuse(socket, 503, 'Service Unavailable');
    if (!isAllowedOrigin(request.headers.origin, request.headers.host, ALLOWED_ORIGINS))
      return refuse(socket, 403, 'Forbidden');
    webSockets.handleUpgrade(request, socket, head, (webSocket) =>
      accept(webSocket, socket, request),
    );
  });

  function accept(webSocket: WebSocket, socket: Socket, request: IncomingMessage): void {
    socket.setNoDelay(true);
    const connection = new Connection(
      webSocket,
      socket,
      clientAddress(request),
      authenticator,
      limits,
    );
    connections.add(connection);
    const closed = protocol.opened(
      {
        protocol: webSocket.protocol,
        send: async (text) => {
          if (webSocket.readyState === webSocket.OPEN) webSocket.send(text);
          if (text.startsWith('{"type":"connection_ack"')) stopWaiting();
        },
        close: (code, reason) => webSocket.close(code, reason),
        onMessage: (hear) =>
          webSocket.on('message', (data) => {
            // What comes after the close counts for nothing.
            if (webSocket.readyState === webSocket.OPEN) void hear(String(data)).catch(fail);
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
    let initDeadline: NodeJS.Timeout | undefined = setTimeout(
      () => connection.close('initTimeout'),
      limits.connectionInitMs,
    );
    keepAlive.watch(webSocket);

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
    // A frame that is too long or malformed: the library has closed the socket with the code of RFC 6455 §7.4 already.
    webSocket.on('error', (error) =>
      node.log.debug({ error: error.message, connectionId: connection.id }, 'a socket failed'),
    );
    webSocket.once('close', (code, reason) => {
      stopWaiting();
      keepAlive.forget(webSocket);
      connections.remove(connection);
      connection.release();
      closed(code, String(reason)).catch(fail);
    });
  }

  return () => {
    clearInterval(sweep);
    keepAlive.stop();
    for (const webSocket of webSockets.clients) webSocket.terminate();
    webSockets.close();
  };
}

/** As a method, for a function made for each socket would keep the request it came with. */
function destroy(this: Socket): void {
  this.destroy();
}

function refuse(socket: Socket, status: number, reason: string): void {
  socket.end(`HTTP/1.1 ${status} ${reason}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
