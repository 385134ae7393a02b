import { GraphQLError } from 'graphql';
import type { TrustedDocuments } from './trusted-documents.ts';

/** The parts of a request that contain or name its document. Clients can send any values. */
export interface DocumentRequest {
  readonly query?: unknown;
  readonly documentId?: unknown;
  readonly extensions?: unknown;
}

/**
 * The text of the document of a request: its `query`, or the trusted document with its `documentId`
 * (GraphQL over HTTP, appendix A) or with the hash in `extensions.persistedQuery`, which Apollo
 * Client sends. Undefined without any of them. Throws a GraphQLError for an unknown id.
 */
export function documentText(
  trusted: TrustedDocuments,
  { query, documentId, extensions }: DocumentRequest,
): string | undefined {
  if (typeof query === 'string' && query !== '') return query;
  const id = documentId ?? hashIn(extensions);
  if (id == null) return query as undefined;
  const text = typeof id === 'string' ? trusted.textOf(id) : undefined;
  if (text === undefined)
    throw new GraphQLError(
      'The server knows no document with this id. Add the document to a file that TRUSTED_DOCUMENTS names and restart the server, or send its text as `query`.',
      { extensions: { code: 'NOT_FOUND', reason: 'UNKNOWN_DOCUMENT', http: { status: 400 } } },
    );
  return text;
}

function hashIn(extensions: unknown): unknown {
  const { persistedQuery } = (extensions ?? {}) as { persistedQuery?: { sha256Hash?: unknown } };
  return persistedQuery?.sha256Hash;
}
