import { randomBytes } from 'node:crypto';
import { open, readFile, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { secretMinBytes } from '../settings/setting-types.ts';
import { StartError } from '../errors.ts';

export const newSecret = () => randomBytes(32).toString('base64url');

/**
 * Reads the secret in a file, and creates the file if there is none. Throws StartError if the
 * secret is incomplete.
 */
export async function keepSecret(file: string): Promise<string> {
  const kept = await readSecret(file);
  if (kept !== undefined) return kept;
  const secret = newSecret();
  await writeDurably(file, secret);
  return secret;
}

/**
 * Undefined if there is no file. A full disk, a power cut or a broken copy can leave it empty,
 * shortened or full of NUL. With such a key anyone could sign tokens, so it throws StartError
 * [P14].
 */
export async function readSecret(file: string): Promise<string | undefined> {
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw new StartError(
      `The secret in ${file} cannot be read (${error.code}). Make the file readable for this user.`,
    );
  });
  if (text === undefined) return undefined;
  const length = Buffer.byteLength(text.trim());
  if (length < secretMinBytes || /[^\P{Cc}\n\r]/u.test(text))
    throw new StartError(
      `The secret in ${file} is damaged: it has ${length} bytes of text, and at least ${secretMinBytes} are needed. Restore the file from a backup. If there is none, delete it: a new secret is made, and everybody has to sign in again.`,
    );
  return text;
}

/** After a crash at any moment, the file is complete or absent. */
async function writeDurably(file: string, text: string): Promise<void> {
  const temporary = `${file}.new`;
  try {
    const handle = await open(temporary, 'w', 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw new StartError(
      `The secret cannot be written to ${file} (${(error as NodeJS.ErrnoException).code}). Make room, or set DATA_DIR to a place this user may write to.`,
    );
  }
  // Windows cannot open directories.
  if (process.platform === 'win32') return;
  const directory = await open(dirname(file));
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
