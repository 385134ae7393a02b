import { refusal, toError, unreachable } from './errors.ts';
import type { AttachmentFieldsFragment, Operations } from './generated/operations.ts';
import { retry, type RetryPolicy } from './request.ts';

export interface UploadOptions {
  /** The name of the file. By default that of a `File`. */
  readonly fileName?: string;
  /**
   * The id of an interrupted upload of the same file, for example after a reload. If it has
   * expired, a new upload starts.
   */
  readonly uploadId?: string;
  /** Receives the id of the upload before the first byte is sent. Keep it to resume. */
  readonly onStart?: (uploadId: string) => void;
  /** Receives the number of stored bytes, and of all bytes, after each part. */
  readonly onProgress?: (storedBytes: number, totalBytes: number) => void;
  /** Stops the upload. It can be resumed by its id. */
  readonly signal?: AbortSignal;
}

/** Uploads a file and returns its attachment, whose id `attachmentIds` of a message takes. */
export type UploadFile = (
  file: Blob & { readonly name?: string },
  options?: UploadOptions,
) => Promise<AttachmentFieldsFragment>;

interface Parts {
  readonly operations: Pick<Operations, 'createUpload' | 'upload' | 'completeUpload'>;
  /** The address of the API, against which addresses of parts are resolved. */
  readonly url: string;
  readonly fetch: typeof fetch;
  readonly policy: RetryPolicy;
}

type Part = Awaited<ReturnType<Operations['createUpload']>>['parts'][number];

/** The number of parts that are sent at the same time. */
const partsAtOnce = 3;

/** Each part, and the completion, is retried while the server cannot be reached. */
export function createUploadFile({ operations, url, fetch, policy }: Parts): UploadFile {
  return async function uploadFile(file, options = {}) {
    const { onStart, onProgress, signal } = options;
    const upload = (await resumed(options)) ?? (await begun(file, options));
    onStart?.(upload.id);
    const etags = new Map<number, string>();
    let storedBytes = 0;
    const store = ({ number, sizeBytes }: Part, etag: string) => {
      etags.set(number, etag);
      storedBytes += sizeBytes;
      onProgress?.(storedBytes, file.size);
    };
    for (const part of upload.parts) if (part.etag !== null) store(part, part.etag);
    const missing = upload.parts.filter(({ etag }) => etag === null);
    const sendNext = async (): Promise<void> => {
      for (let part = missing.shift(); part; part = missing.shift()) {
        const sent = part;
        store(sent, await retry(policy, () => put(sent, file, signal), signal));
      }
    };
    await Promise.all(Array.from({ length: partsAtOnce }, sendNext));
    const parts = [...etags].map(([number, etag]) => ({ number, etag }));
    return retry(
      policy,
      () => operations.completeUpload({ uploadId: upload.id, parts }, { signal }),
      signal,
    );
  };

  async function resumed({ uploadId, signal }: UploadOptions) {
    return uploadId === undefined ? null : operations.upload({ id: uploadId }, { signal });
  }

  function begun(file: Blob & { readonly name?: string }, options: UploadOptions) {
    const input = {
      fileName: options.fileName ?? file.name ?? 'file',
      contentType: file.type || 'application/octet-stream',
      sizeBytes: file.size,
    };
    return operations.createUpload(input, { signal: options.signal });
  }

  /** The address contains its permission, and may be that of another server: no token is sent. */
  async function put(part: Part, file: Blob, signal: AbortSignal | undefined): Promise<string> {
    const { offset, sizeBytes } = part;
    const answer = await fetch(new URL(part.url, url), {
      method: 'PUT',
      body: file.slice(offset, offset + sizeBytes),
      signal,
      credentials: 'omit',
    }).catch((error: unknown) => {
      if (signal?.aborted) throw signal.reason;
      throw unreachable(error);
    });
    const etag = answer.headers.get('etag');
    if (answer.ok && etag !== null) return etag;
    throw await errorOf(answer);
  }
}

async function errorOf(answer: Response): Promise<Error> {
  if (answer.status >= 500 || answer.status === 429) return unreachable(`status ${answer.status}`);
  const shown = await answer.json().catch(() => undefined);
  return shown?.errors?.[0]
    ? toError(shown.errors[0])
    : refusal('INTERNAL', `The part of the file was answered with status ${answer.status}.`);
}
