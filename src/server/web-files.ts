import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

export type Encoding = 'br' | 'gzip';

export interface WebFile {
  readonly type: string;
  readonly plain: Buffer;
  readonly etag: string;
  /** Whether its name changes with its content, so that browsers may cache it permanently. */
  readonly isImmutable: boolean;
  /**
   * The file in this encoding, which is compressed at the first call. Undefined if that saves less
   * than 10 %.
   */
  compressed(encoding: Encoding): Promise<Buffer | undefined>;
}

const compress: Readonly<Record<Encoding, (plain: Buffer) => Promise<Buffer>>> = {
  br: (plain) =>
    promisify(brotliCompress)(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }),
  gzip: (plain) => promisify(gzip)(plain, { level: 9 }),
};

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.woff2': 'font/woff2',
};

/** The output of `npm run build`. The path is the same from src/ and from dist/. */
export const webDirectory = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/**
 * Loads all files of the web client into memory, by the path of their URL. Empty if the web client
 * is not built.
 */
export async function loadWebFiles(
  directory = webDirectory,
): Promise<ReadonlyMap<string, WebFile>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(
    () => [],
  );
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => `${entry.parentPath}${sep}${entry.name}`);
  const files = await Promise.all(
    paths.map(async (path) => {
      const name = `/${relative(directory, path).split(sep).join('/')}`;
      return [name === '/index.html' ? '/' : name, toWebFile(name, await readFile(path))] as const;
    }),
  );
  return new Map(files);
}

function toWebFile(name: string, plain: Buffer): WebFile {
  const compressed = new Map<Encoding, Promise<Buffer | undefined>>();
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    plain,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 16)}"`,
    isImmutable: name.startsWith('/assets/'),
    compressed(encoding) {
      let result = compressed.get(encoding);
      if (!result) {
        result = compress[encoding](plain).then((body) =>
          body.length < plain.length * 0.9 ? body : undefined,
        );
        compressed.set(encoding, result);
      }
      return result;
    },
  };
}
