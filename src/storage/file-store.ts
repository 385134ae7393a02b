/** A part of an upload that the store has. */
export interface StoredPart {
  readonly number: number;
  readonly sizeBytes: number;
  /** Names the content of the part. */
  readonly etag: string;
}

/** A part that a client names when it completes an upload. */
export type NamedPart = Pick<StoredPart, 'number' | 'etag'>;

/** An upload, as its row describes it. */
export interface StoredUpload {
  /** The key under which the object is stored when the upload is complete. */
  readonly key: string;
  /** The answer of `begin`. */
  readonly uploadKey: string;
  readonly sizeBytes: number;
  /** The size of each part but the last. */
  readonly partBytes: number;
}

/** The bytes from `start` to `end`, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** How a client that fetches an object itself is to treat it. */
export interface ServedAs {
  readonly contentType: string;
  readonly disposition: string;
}

/** Bytes that a store has, whether a row needs them or not. */
export interface StoredObject {
  readonly key: string;
  /** Where an operator finds them: a path, or an address. */
  readonly location: string;
  readonly modifiedAt: Date;
  /** Whether they are the parts of an upload that is not complete. */
  readonly isUpload: boolean;
}

/** An upload does not have all its parts, or not with these etags. */
export class IncompleteUpload extends Error {
  override readonly name = 'IncompleteUpload';
}

/** The store cannot be used now: it is full, or out of reach. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
}

/**
 * Keeps the bytes of files under keys. It knows no users and no permission. All methods may be
 * repeated: the second call finds the work done. They throw StoreUnavailable if the store is full
 * or out of reach. No method holds an object in memory.
 */
export interface FileStore {
  readonly name: 'disk' | 's3';
  /** Begins an upload. Returns what the store calls it; empty if it needs no name. */
  begin(upload: Omit<StoredUpload, 'uploadKey'>, contentType: string): Promise<string>;
  /**
   * The address to which a client puts a part; undefined if this node takes it with `writePart`.
   */
  partUrl(upload: StoredUpload, number: number): Promise<string | undefined>;
  /** Stores a part of exactly this size. Returns its etag. */
  writePart(
    upload: StoredUpload,
    number: number,
    sizeBytes: number,
    bytes: AsyncIterable<Uint8Array>,
  ): Promise<string>;
  storedParts(upload: StoredUpload): Promise<readonly StoredPart[]>;
  /** Makes the object of its parts. Throws IncompleteUpload. */
  complete(upload: StoredUpload, parts: readonly NamedPart[]): Promise<void>;
  /** Stores an object of exactly this size. Throws IncompleteUpload for another size. */
  write(
    key: string,
    sizeBytes: number,
    bytes: AsyncIterable<Uint8Array>,
    contentType: string,
  ): Promise<void>;
  /** Reads an object in pieces. Undefined if it does not exist. */
  read(key: string, range?: ByteRange): Promise<AsyncIterable<Uint8Array> | undefined>;
  /** The size of an object. Undefined if it does not exist. */
  sizeOf(key: string): Promise<number | undefined>;
  /**
   * Everything that is stored, in any order, except what an S3 service has of uploads that are not
   * complete.
   */
  list(): AsyncIterable<StoredObject>;
  /** Whether something that was listed is still there. */
  has(object: StoredObject): Promise<boolean>;
  /**
   * An address from which a client may fetch the object for a minute; undefined if this node serves
   * it with `read`.
   */
  objectUrl(key: string, as: ServedAs): Promise<string | undefined>;
  /** Deletes an object, or what an upload has stored so far. */
  delete(key: string, uploadKey: string): Promise<void>;
}

/** The number of parts of an upload. An empty file has one. */
export const partCount = ({ sizeBytes, partBytes }: Omit<StoredUpload, 'key' | 'uploadKey'>) =>
  Math.max(1, Math.ceil(sizeBytes / partBytes));

export const partSize = (
  { sizeBytes, partBytes }: Omit<StoredUpload, 'key' | 'uploadKey'>,
  number: number,
) => Math.min(partBytes, sizeBytes - (number - 1) * partBytes);
