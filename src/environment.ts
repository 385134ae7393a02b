import { readFileSync } from 'node:fs';
import { parseEnv } from 'node:util';
import { StartError } from './errors.ts';

/**
 * The variables of the environment, and those of the file `.env` in the working directory that the
 * environment lacks. Throws StartError if the file exists and cannot be read.
 */
export const readEnvironment = (): Record<string, string | undefined> => ({
  ...parseEnv(readEnvFile()),
  ...process.env,
});

function readEnvFile(): string {
  try {
    return readFileSync('.env', 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return '';
    throw new StartError(`.env cannot be read (${code}).`);
  }
}
