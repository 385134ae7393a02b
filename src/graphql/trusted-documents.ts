import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { stripIgnoredCharacters } from 'graphql';
import { StartError } from '../errors.ts';
import { sdkDocuments } from './generated/sdk-documents.ts';

/** The documents that clients can name by an id instead of sending their text. */
export interface TrustedDocuments {
  /** Whether no other documents run. */
  readonly isExclusive: boolean;
  readonly texts: ReadonlySet<string>;
  textOf(id: string): string | undefined;
  /** Whether the text is one of these documents, apart from white space and comments. */
  includes(text: string): boolean;
}

/** In TRUSTED_DOCUMENTS, the documents of the SDK and of the web client. */
const ofClient = 'client';

/**
 * Reads the documents of these files; none of them for an empty list. The documents of the SDK have
 * ids in any case. Throws StartError.
 */
export function readTrustedDocuments(paths: readonly string[] = []): TrustedDocuments {
  const byId = new Map(sdkDocuments.flatMap((text) => idsOf(text).map((id) => [id, text])));
  const texts = new Set(paths.includes(ofClient) ? sdkDocuments : []);
  for (const path of paths.filter((one) => one !== ofClient))
    for (const [id, text] of readManifest(path)) {
      texts.add(text);
      for (const one of [id, ...idsOf(text)]) byId.set(one, text);
    }
  const stripped = new Set([...texts].map(strip));
  return {
    isExclusive: paths.length > 0,
    texts,
    textOf: (id) => byId.get(id),
    includes: (text) => texts.has(text) || stripped.has(strip(text)),
  };
}

/** The prefixed id of GraphQL over HTTP, and the hash alone, which Apollo Client sends. */
function idsOf(text: string): string[] {
  const hash = createHash('sha256').update(text).digest('hex');
  return [`sha256:${hash}`, hash];
}

/** The text itself if it is no document: then it equals none. */
function strip(text: string): string {
  try {
    return stripIgnoredCharacters(text);
  } catch {
    return text;
  }
}

type Entry = readonly [id: string, text: string];

/**
 * The documents in a file: an object of texts by id, as GraphQL Code Generator, Relay and gql.tada
 * write it, or the manifest of Apollo.
 */
function readManifest(path: string): Entry[] {
  const entries = entriesOf(readJson(path));
  if (!entries)
    throw new StartError(
      `TRUSTED_DOCUMENTS names a file that is not an object of documents by id, such as {"sha256:…": "query …"}: ${path}`,
    );
  return entries;
}

function readJson(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8'));
  } catch (error) {
    const reason = error instanceof SyntaxError ? 'it is not JSON' : (error as Error).message;
    throw new StartError(`TRUSTED_DOCUMENTS names a file that cannot be read (${reason}): ${path}`);
  }
}

function entriesOf(manifest: unknown): Entry[] | undefined {
  if (typeof manifest !== 'object' || manifest === null) return undefined;
  const { operations } = manifest as { operations?: unknown };
  const entries: (readonly [unknown, unknown])[] = Array.isArray(operations)
    ? operations.map(({ id, body }: { id: unknown; body: unknown }) => [id, body])
    : Object.entries(manifest);
  const isEntry = (entry: readonly [unknown, unknown]): entry is Entry =>
    entry.every((part) => typeof part === 'string');
  return entries.every(isEntry) ? entries : undefined;
}
