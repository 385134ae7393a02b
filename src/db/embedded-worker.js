// JavaScript, because Node 20 loads a thread's first file by itself: what compiles TypeScript on the fly for tests and `npm run dev` does not reach it.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

// PGlite blocks its thread for seconds at a start, so it has one of its own and is reached over a socket like any PostgreSQL.
const database = await PGlite.create(workerData.directory);
// With a second connection the protocol's messages mix: the pool at the other end holds exactly one.
const server = new PGLiteSocketServer({
  db: database,
  ...workerData.listen,
  maxConnections: 2,
});
await server.start();

parentPort?.once('message', async () => {
  await server.stop();
  await database.close();
  process.exit(0);
});
parentPort?.postMessage({ address: server.getServerConn() });
