import { existsSync } from 'node:fs';
import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { freePort, temporaryDirectory } from './server-process.ts';

export interface S3Server extends AsyncDisposable {
  /** The settings of a node that keeps its files there. */
  readonly settings: Record<string, string>;
  /** The keys of all objects. */
  keys(): Promise<string[]>;
  /** Changes the bucket directly: stores an object of one byte, last modified at this time. */
  put(key: string, modifiedAt: Date): Promise<void>;
}

export interface S3Options {
  /** Whether it can list the parts of an upload, as S3 can. */
  readonly listsParts?: boolean;
}

interface Context {
  readonly method: string;
  readonly query: Readonly<Record<string, string>>;
  type: string;
  body: string;
}

interface S3rver {
  readonly middleware: ((context: Context, next: () => Promise<void>) => Promise<void>)[];
  run(): Promise<unknown>;
  close(): Promise<void>;
}

type S3rverClass = new (options: Record<string, unknown>) => S3rver;

const bucket = 'files';
const suffix = '._S3rver_object';
/** So small that tests see several pages. */
const itemsOfPage = 3;

/**
 * Starts an S3 server with one bucket: s3rver, which has presigned addresses, multipart uploads and
 * ranges. It checks neither the etags of parts nor all of a signature. It cannot page through
 * objects with the OpenSSL of today, and cannot list the parts of an upload. The first is added
 * here as the S3 API describes it, and the second with `listsParts`.
 */
export async function startS3({ listsParts = false }: S3Options = {}): Promise<S3Server> {
  const Server = createRequire(import.meta.url)('s3rver') as S3rverClass;
  const port = await freePort();
  const directory = temporaryDirectory();
  const folder = `${directory}/${bucket}`;
  const server = new Server({
    port,
    address: '127.0.0.1',
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  server.middleware.unshift(async (context, next) => {
    const { uploadId, 'part-number-marker': marker, 'continuation-token': token } = context.query;
    const isList = context.method === 'GET' && context.query['list-type'] === '2';
    const isPartList = context.method === 'GET' && uploadId !== undefined;
    if (!isList && !(isPartList && listsParts)) return next();
    context.type = 'application/xml';
    context.body = isList
      ? await listObjects(folder, token)
      : await listParts(`${folder}/._S3rver_uploads/${uploadId}`, Number(marker ?? 0));
  });
  await server.run();
  return {
    settings: {
      S3_ENDPOINT: `http://127.0.0.1:${port}`,
      S3_BUCKET: bucket,
      S3_ACCESS_KEY_ID: 'S3RVER',
      S3_SECRET_ACCESS_KEY: 'S3RVER',
    },
    keys: () => keysIn(folder),
    async put(key, modifiedAt) {
      const path = `${folder}/${key}${suffix}`;
      await writeFile(path, 'x');
      await utimes(path, modifiedAt, modifiedAt);
    },
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function keysIn(folder: string): Promise<string[]> {
  const names = await readdir(folder);
  return names
    .filter((name) => name.endsWith(suffix))
    .map((name) => name.slice(0, -suffix.length))
    .toSorted();
}

/** ListObjectsV2. The token is the last key of the page before. */
async function listObjects(folder: string, token = ''): Promise<string> {
  const keys = (await keysIn(folder)).filter((key) => key > token);
  const page = keys.slice(0, itemsOfPage);
  const contents = await Promise.all(
    page.map(async (key) => {
      const { mtime, size } = await stat(`${folder}/${key}${suffix}`);
      return `<Contents><Key>${key}</Key><LastModified>${mtime.toISOString()}</LastModified><Size>${size}</Size></Contents>`;
    }),
  );
  const next =
    keys.length > page.length
      ? `<IsTruncated>true</IsTruncated><NextContinuationToken>${page.at(-1)}</NextContinuationToken>`
      : '<IsTruncated>false</IsTruncated>';
  return `<?xml version="1.0" encoding="UTF-8"?><ListBucketResult>${next}${contents.join('')}</ListBucketResult>`;
}

/** ListParts: the parts that have arrived as a whole. */
async function listParts(folder: string, marker: number): Promise<string> {
  const names = existsSync(folder) ? await readdir(folder) : [];
  const numbers = names
    .filter((name) => name.endsWith('.md5'))
    .map((name) => Number.parseInt(name, 10))
    .filter((number) => number > marker)
    .toSorted((one, other) => one - other);
  const page = numbers.slice(0, itemsOfPage);
  const parts = await Promise.all(
    page.map(async (number) => {
      const etag = await readFile(`${folder}/${number}.md5`, 'utf8');
      const { size } = await stat(`${folder}/${number}`);
      return `<Part><PartNumber>${number}</PartNumber><ETag>&quot;${etag}&quot;</ETag><Size>${size}</Size></Part>`;
    }),
  );
  const isTruncated = numbers.length > page.length;
  return `<?xml version="1.0" encoding="UTF-8"?><ListPartsResult><IsTruncated>${isTruncated}</IsTruncated><NextPartNumberMarker>${page.at(-1) ?? 0}</NextPartNumberMarker>${parts.join('')}</ListPartsResult>`;
}
