import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

export interface WebFile {
  readonly type: string;
  readonly plain: Buffer;
  /** Undefined where compressing gains nothing. */
  readonly brotli: Buffer | undefined;
  readonly gzip: Buffer | undefined;
  readonly etag: string;
  /** Its name changes with its content. */
  readonly isLasting: boolean;
}

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Where `npm run build` puts the web client; the same for src/ and dist/, which stand beside each other. */
export const webDirectory = fileURLToPath(new URL('../../dist/web/', import.meta.url));

/** All files of the web client in memory, by the path at which they are served; none when it is not built. What is no file here has no address. */
export async function readWebFiles(
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
      return [name === '/index.html' ? '/' : name, prepare(name, await readFile(path))] as const;
    }),
  );
  return new Map(files);
}

/** A few hundred KB in all, so that it is compressed well once, at the start. */
function prepare(name: string, plain: Buffer): WebFile {
  const brotli = brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } });
  const gains = brotli.length < plain.length * 0.9;
  return {
    type: types[extname(name)] ?? 'application/octet-stream',
    plain,
    brotli: gains ? brotli : undefined,
    gzip: gains ? gzipSync(plain, { level: 9 }) : undefined,
    etag: `"${createHash('sha256').update(plain).digest('base64url').slice(0, 16)}"`,
    isLasting: name.startsWith('/assets/'),
  };
}
