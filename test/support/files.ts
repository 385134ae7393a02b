import { createHash, randomBytes } from 'node:crypto';
import type { Person } from './person.ts';
import type { TestNode } from './start-node.ts';

export interface TestUpload {
  readonly id: string;
  readonly parts: readonly {
    readonly number: number;
    readonly offset: number;
    readonly sizeBytes: number;
    readonly url: string;
    readonly isStored: boolean;
    readonly etag: string | null;
  }[];
}

export interface TestAttachment {
  readonly id: string;
  readonly fileName: string;
  readonly contentType: string;
  readonly sizeBytes: number;
  readonly url: string;
  readonly width: number | null;
  readonly height: number | null;
  readonly thumbnailUrl: string | null;
  readonly placeholder: string | null;
}

const uploadFields = 'id expiresAt parts { number offset sizeBytes url isStored etag }';
export const attachmentFields =
  'id fileName contentType sizeBytes url width height thumbnailUrl placeholder';

export const absolute = ({ app }: TestNode, url: string) => new URL(url, app.url).href;

export const createUpload = async (
  by: Person,
  file: { fileName?: string; contentType?: string; sizeBytes: number },
): Promise<TestUpload> =>
  (
    await by.query(
      `mutation ($input: CreateUploadInput!) { createUpload(input: $input) { upload { ${uploadFields} } } }`,
      { input: { fileName: 'a.bin', contentType: 'application/octet-stream', ...file } },
    )
  ).createUpload.upload;

export const findUpload = async (by: Person, id: string): Promise<TestUpload | null> =>
  (await by.query(`query ($id: ID!) { upload(id: $id) { ${uploadFields} } }`, { id })).upload;

export const completeUpload = async (
  by: Person,
  uploadId: string,
  parts: readonly { number: number; etag: string }[],
): Promise<TestAttachment> =>
  (
    await by.query(
      `mutation ($input: CompleteUploadInput!) { completeUpload(input: $input) { attachment { ${attachmentFields} } } }`,
      { input: { uploadId, parts } },
    )
  ).completeUpload.attachment;

/** Uploads bytes without completing it. Returns the input of `completeUpload`. */
export async function storedUpload(
  node: TestNode,
  by: Person,
  bytes: Uint8Array<ArrayBuffer>,
  fileName = 'a.bin',
): Promise<{ uploadId: string; parts: { number: number; etag: string }[] }> {
  const { id, parts } = await createUpload(by, { fileName, sizeBytes: bytes.length });
  const stored = [];
  for (const { number, offset, sizeBytes, url } of parts) {
    const { status, headers } = await fetch(absolute(node, url), {
      method: 'PUT',
      body: bytes.slice(offset, offset + sizeBytes),
    });
    if (status !== 200) throw new Error(`the part was refused with ${status}`);
    stored.push({ number, etag: headers.get('etag')! });
  }
  return { uploadId: id, parts: stored };
}

/** Uploads bytes and returns the attachment. */
export async function upload(
  node: TestNode,
  by: Person,
  bytes: Uint8Array<ArrayBuffer>,
  fileName = 'a.bin',
): Promise<TestAttachment> {
  const { uploadId, parts } = await storedUpload(node, by, bytes, fileName);
  return completeUpload(by, uploadId, parts);
}

/** Sends a message with attachments. */
export const sendFiles = async (
  by: Person,
  conversationId: string,
  attachmentIds: readonly string[],
  more: { body?: string; idempotencyKey?: string } = {},
): Promise<{ id: string; body: string; attachments: TestAttachment[] }> =>
  (
    await by.query(
      `mutation ($input: SendMessageInput!) { sendMessage(input: $input) { message { id body attachments { ${attachmentFields} } } } }`,
      { input: { conversationId, body: '', attachmentIds, ...more } },
    )
  ).sendMessage.message;

/** Requests a file as somebody; without a token for null. */
export const get = (
  node: TestNode,
  by: { token: string } | null,
  url: string,
  headers: Record<string, string> = {},
  method = 'GET',
): Promise<Response> =>
  fetch(absolute(node, url), {
    method,
    headers: { ...(by && { authorization: `Bearer ${by.token}` }), ...headers },
  });

export const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Bytes without a known type. */
export function bytesOf(size: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(randomBytes(size));
  return bytes.fill(0, 0, Math.min(4, size));
}
