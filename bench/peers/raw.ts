import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WebSocketServer } from 'ws';

// The lower limit: sends one prepared string to every socket with `ws`, and does nothing else.
const prepared = 'x'.repeat(Number(process.env.MESSAGE_BYTES));

const server = createServer();
const followers = new WebSocketServer({ noServer: true });
const publishers = new WebSocketServer({ noServer: true });

server.on('upgrade', (request, socket, head) => {
  const side = request.url === '/publish' ? publishers : followers;
  side.handleUpgrade(request, socket, head, (webSocket) =>
    side.emit('connection', webSocket, request),
  );
});
publishers.on('connection', (publisher) => {
  publisher.on('message', () => {
    for (const follower of followers.clients) follower.send(prepared);
  });
});
server.listen(0, '127.0.0.1', () =>
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
