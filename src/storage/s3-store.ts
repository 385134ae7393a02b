import { Readable } from 'node:stream';
import { AwsClient } from 'aws4fetch';
import {
  IncompleteUpload,
  partSize,
  StoreUnavailable,
  type FileStore,
  type StoredPart,
  type StoredUpload,
} from './file-store.ts';
import { escapeXml, textsOf, valuesOf } from './s3-xml.ts';

export interface S3Settings {
  /** The address of the service, with its scheme. */
  readonly endpoint: string;
  readonly bucket: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** How long clients may use an address of a part, in seconds. */
  readonly partUrlSeconds: number;
}

/** How long clients may use an address of an object [P17]. */
const objectUrlSeconds = 60;
/** The time for a request, and for one that carries a large object. */
const timeoutMs = 20_000;
const largeTimeoutMs = 600_000;

/**
 * Keeps files in a bucket of an S3-compatible service. Clients put parts to and get objects from
 * presigned addresses, so the bytes do not pass through a node. Addresses have the path style,
 * which every service understands.
 */
export function createS3Store(settings: S3Settings): FileStore {
  const { endpoint, bucket, region, accessKeyId, secretAccessKey, partUrlSeconds } = settings;
  const client = new AwsClient({ accessKeyId, secretAccessKey, region, service: 's3', retries: 2 });
  const base = `${endpoint.replace(/\/+$/, '')}/${bucket}`;
  const urlOf = (key: string, query = '') => `${base}/${key}${query && `?${query}`}`;

  /** Undefined for 404. Throws StoreUnavailable for every other failure. */
  async function ask(url: string, init: RequestInit = {}): Promise<Response | undefined> {
    let answer: Response;
    try {
      answer = await client.fetch(url, { signal: AbortSignal.timeout(timeoutMs), ...init });
    } catch (error) {
      throw new StoreUnavailable((error as Error).message, { cause: error });
    }
    if (answer.ok) return answer;
    const text = await answer.text();
    // Some services cannot list parts; then all of them are sent again.
    if (answer.status === 404 || answer.status === 405 || answer.status === 501) return undefined;
    const [code = answer.statusText] = textsOf(text, 'Code');
    if (answer.status === 400) throw new BadRequest(`the S3 service answered 400 (${code})`);
    throw new StoreUnavailable(`the S3 service answered ${answer.status} (${code})`);
  }

  /** Whoever uses the address must send these headers. */
  async function presign(
    url: string,
    method: string,
    seconds: number,
    headers: Record<string, string> = {},
  ): Promise<string> {
    const address = new URL(url);
    address.searchParams.set('X-Amz-Expires', String(seconds));
    const aws = { signQuery: true, allHeaders: true };
    return (await client.sign(address, { method, headers, aws })).url;
  }

  async function sizeOf(key: string): Promise<number | undefined> {
    const head = await ask(urlOf(key), { method: 'HEAD' });
    return head && Number(head.headers.get('content-length'));
  }

  async function storedParts({ key, uploadKey }: StoredUpload): Promise<StoredPart[]> {
    const parts: StoredPart[] = [];
    for (let after: string | undefined = '0'; after !== undefined;) {
      const query = `max-parts=1000&part-number-marker=${after}&uploadId=${encodeURIComponent(uploadKey)}`;
      const answer: Response | undefined = await ask(urlOf(key, query));
      if (!answer) return parts;
      const text = await answer.text();
      for (const part of textsOf(text, 'Part')) {
        const { PartNumber, Size, ETag } = valuesOf(part);
        parts.push({ number: Number(PartNumber), sizeBytes: Number(Size), etag: unquoted(ETag!) });
      }
      const { IsTruncated, NextPartNumberMarker } = valuesOf(text);
      after = IsTruncated === 'true' ? NextPartNumberMarker : undefined;
    }
    return parts;
  }

  async function complete(
    upload: StoredUpload,
    parts: readonly { number: number; etag: string }[],
  ): Promise<void> {
    const { key, uploadKey, sizeBytes } = upload;
    if (parts.length === 0) throw new IncompleteUpload();
    const named = parts
      .toSorted((one, other) => one.number - other.number)
      .map(
        ({ number, etag }) =>
          `<Part><PartNumber>${number}</PartNumber><ETag>"${escapeXml(etag)}"</ETag></Part>`,
      );
    const answer = await ask(urlOf(key, `uploadId=${encodeURIComponent(uploadKey)}`), {
      method: 'POST',
      signal: AbortSignal.timeout(largeTimeoutMs),
      body: `<CompleteMultipartUpload>${named.join('')}</CompleteMultipartUpload>`,
    });
    // The service may report an error after it has answered 200.
    const [code] = textsOf((await answer?.text()) ?? '', 'Code');
    if (code !== undefined) throw new IncompleteUpload();
    // The sizes of the parts are the client's word until here.
    const stored = await sizeOf(key);
    if (stored === sizeBytes) return;
    if (stored === undefined) throw new IncompleteUpload();
    await ask(urlOf(key), { method: 'DELETE' });
    throw new IncompleteUpload();
  }

  return {
    name: 's3',
    async begin({ key }, contentType) {
      const answer = await ask(urlOf(key, 'uploads='), {
        method: 'POST',
        headers: { 'content-type': contentType },
      });
      const [uploadKey] = textsOf((await answer?.text()) ?? '', 'UploadId');
      if (uploadKey === undefined)
        throw new StoreUnavailable(`the S3 service has no bucket ${bucket}`);
      return uploadKey;
    },
    // The length is signed, so that no part takes more space than the quota counted [P13].
    partUrl: (upload, number) =>
      presign(
        urlOf(upload.key, `partNumber=${number}&uploadId=${encodeURIComponent(upload.uploadKey)}`),
        'PUT',
        partUrlSeconds,
        { 'content-length': String(partSize(upload, number)) },
      ),
    writePart: () => Promise.reject(new StoreUnavailable('clients put parts to S3 themselves')),
    storedParts,
    complete: async (upload, parts) => {
      try {
        await complete(upload, parts);
      } catch (error) {
        if (!(error instanceof IncompleteUpload || error instanceof BadRequest)) throw error;
        // A repeat finds the object.
        if ((await sizeOf(upload.key)) === undefined) throw new IncompleteUpload();
      }
    },
    async write(key, sizeBytes, bytes, contentType) {
      const content = Readable.from(bytes, { objectMode: false });
      try {
        const answer = await ask(urlOf(key), {
          method: 'PUT',
          headers: { 'content-type': contentType, 'content-length': String(sizeBytes) },
          body: content as unknown as BodyInit,
          duplex: 'half',
          signal: AbortSignal.timeout(largeTimeoutMs),
        } as RequestInit);
        // The original is deleted when its copy is stored.
        if (!answer) throw new StoreUnavailable('the S3 service did not take a file');
      } finally {
        // A request that did not begin has not read it.
        content.destroy();
      }
      if ((await sizeOf(key)) !== sizeBytes) throw new IncompleteUpload();
    },
    async read(key, range) {
      const headers = range && { range: `bytes=${range.start}-${range.end}` };
      const signal = AbortSignal.timeout(largeTimeoutMs);
      const answer = await ask(urlOf(key), { headers, signal });
      return (answer?.body as AsyncIterable<Uint8Array> | null | undefined) ?? undefined;
    },
    sizeOf,
    async *list() {
      for (let token: string | undefined = ''; token !== undefined;) {
        const query = new URLSearchParams({ 'list-type': '2' });
        if (token !== '') query.set('continuation-token', token);
        const answer: Response | undefined = await ask(`${base}?${query}`);
        if (!answer) throw new StoreUnavailable(`the S3 service has no bucket ${bucket}`);
        const text = await answer.text();
        for (const found of textsOf(text, 'Contents')) {
          const { Key, LastModified } = valuesOf(found);
          const modifiedAt = new Date(LastModified!);
          yield { key: Key!, location: urlOf(Key!), modifiedAt, isUpload: false };
        }
        const { IsTruncated, NextContinuationToken } = valuesOf(text);
        token = IsTruncated === 'true' ? NextContinuationToken : undefined;
      }
    },
    has: async ({ key }) => (await sizeOf(key)) !== undefined,
    objectUrl(key, { contentType, disposition }) {
      const query = new URLSearchParams({
        'response-content-type': contentType,
        'response-content-disposition': disposition,
      });
      return presign(urlOf(key, String(query)), 'GET', objectUrlSeconds);
    },
    async delete(key, uploadKey) {
      if (uploadKey !== '')
        await ask(urlOf(key, `uploadId=${encodeURIComponent(uploadKey)}`), { method: 'DELETE' });
      await ask(urlOf(key), { method: 'DELETE' });
    },
  };
}

/** The service does not accept a request: of a completion, because the parts are wrong. */
class BadRequest extends StoreUnavailable {}

const unquoted = (etag: string): string => etag.replaceAll('"', '');
