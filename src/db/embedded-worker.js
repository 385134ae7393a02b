// JavaScript, because Node 20 loads the first file of a thread itself, without the loader that
// compiles TypeScript in tests and `npm run dev`.
import { parentPort, workerData } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

// PGlite blocks its thread for seconds when it starts. So it has a thread of its own, and is
// reached over a socket like any PostgreSQL.
const database = await PGlite.create(workerData.directory, {
  startParams: [
    ...PGlite.defaultStartParams,
    // A checkpoint keeps so many files of the write-ahead log for reuse, and deletes the others.
    '-c',
    'min_wal_size=32MB',
    '-c',
    'max_wal_size=64MB',
  ],
});
// The messages of two connections would mix. The pool at the other end has exactly one.
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
