import { createRequire } from 'node:module';
import { freePort, temporaryDirectory } from './server-process.ts';

export interface S3Server extends AsyncDisposable {
  /** The settings of a node that keeps its files there. */
  readonly settings: Record<string, string>;
}

interface S3rver {
  run(): Promise<unknown>;
  close(): Promise<void>;
}

type S3rverClass = new (options: Record<string, unknown>) => S3rver;

/**
 * Starts an S3 server with one bucket: s3rver, which has presigned addresses, multipart uploads and
 * ranges. It cannot list the parts of an upload, and checks neither the etags of parts nor all of a
 * signature.
 */
export async function startS3(): Promise<S3Server> {
  const Server = createRequire(import.meta.url)('s3rver') as S3rverClass;
  const port = await freePort();
  const server = new Server({
    port,
    address: '127.0.0.1',
    silent: true,
    directory: temporaryDirectory(),
    configureBuckets: [{ name: 'files', configs: [] }],
  });
  await server.run();
  return {
    settings: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: 'files',
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}
