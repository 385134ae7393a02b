import { mkdir, stat } from 'node:fs/promises';
import { StartError } from '../errors.ts';

/**
 * Creates a directory that only this user may enter, or accepts an existing one. Other accounts
 * then cannot reach the files in it, whatever their modes. Throws StartError if others may read or
 * enter the directory [P14].
 */
export async function makePrivateDirectory(path: string): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 }).catch((error) => {
    throw new StartError(
      `The data directory ${path} cannot be created (${error.code}). Set DATA_DIR to a place this user may write to.`,
    );
  });
  // Windows has no such modes.
  if (process.platform === 'win32') return;
  const { mode } = await stat(path);
  if ((mode & 0o077) !== 0)
    throw new StartError(
      `The data directory ${path} is open to other accounts (mode ${(mode & 0o777).toString(8)}), and it holds all messages, password hashes and the signing key. Run: chmod -R go-rwx '${path}'. If the mode cannot be changed, set DATA_DIR to a new directory inside it.`,
    );
}
