import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

// A message gate that allows everything. It does not verify signatures, which is its own cost.
const allow = JSON.stringify({ action: 'allow' });

const server = createServer((request, response) => {
  request.resume().once('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(allow);
  });
});
server.listen(0, '127.0.0.1', () =>
  console.log(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`),
);
