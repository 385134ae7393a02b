import { isCauserieError } from './errors.ts';

/** Names documents by their ids, as long as the server knows them. */
export interface DocumentNames {
  /** Undefined if the text is to be sent. */
  idOf(text: string): string | undefined;
  /**
   * Whether the server does not know the id, for example because it has a newer version than this
   * client. From then on the text is sent.
   */
  isUnknown(text: string, error: unknown): boolean;
}

export function createDocumentNames(ids: ReadonlyMap<string, string> | undefined): DocumentNames {
  const unknown = new Set<string>();
  return {
    idOf: (text) => (unknown.has(text) ? undefined : ids?.get(text)),
    isUnknown(text, error) {
      const isRefused =
        isCauserieError(error) && error.code === 'NOT_FOUND' && error.reason === 'UNKNOWN_DOCUMENT';
      if (isRefused) unknown.add(text);
      return isRefused;
    },
  };
}
