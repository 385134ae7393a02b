import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Node } from '../../scope.ts';

/** The path under which a node takes parts and serves files. */
export const filesPath = '/files/';

/** The address of a part, as a request names it. */
export interface PartLink {
  readonly fileId: string;
  readonly number: number;
  /** In ms since 1970. */
  readonly until: number;
  readonly signature: string;
}

const signatureOf = (
  { signingKey }: Node,
  { fileId, number, until }: Omit<PartLink, 'signature'>,
) =>
  createHmac('sha256', signingKey)
    .update(`an address for a part\n${fileId}\n${number}\n${until}`)
    .digest();

/**
 * An address that takes the bytes of one part until then, without a token, like the presigned
 * addresses of S3.
 */
export function partLink(node: Node, fileId: string, number: number, until: Date): string {
  const link = { fileId, number, until: until.getTime() };
  const signature = signatureOf(node, link).toString('base64url');
  return `${node.config.FILES_URL ?? ''}${filesPath}uploads/${fileId}/${number}?until=${link.until}&signature=${signature}`;
}

export function isValidLink(node: Node, { signature, ...link }: PartLink): boolean {
  const given = Buffer.from(signature, 'base64url');
  const expected = signatureOf(node, link);
  return (
    given.length === expected.length && timingSafeEqual(given, expected) && link.until > Date.now()
  );
}

/** Reads a link from the path and query of a request. Undefined if it is malformed. */
export function parsePartLink(url: string): PartLink | undefined {
  const { pathname, searchParams } = new URL(url, 'http://localhost');
  const [, fileId, number] = /^\/files\/uploads\/([^/]+)\/([1-9]\d{0,4})$/.exec(pathname) ?? [];
  const until = Number(searchParams.get('until') ?? NaN);
  const signature = searchParams.get('signature');
  if (fileId === undefined || !Number.isSafeInteger(until) || signature === null) return undefined;
  return { fileId, number: Number(number), until, signature };
}
