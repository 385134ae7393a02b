import { documentIds } from '@causerie/client/document-ids';
import type { Request } from 'playwright-core';

const documents = new Map([...documentIds].map(([text, id]) => [id, text]));

/** The document of a request of the web client, which names it by its id. */
export function documentOf(request: Request): string {
  const { query, documentId } = request.postDataJSON() ?? {};
  return query ?? documents.get(documentId) ?? '';
}
