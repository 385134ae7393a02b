import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/**
 * Runs a TypeScript program of the repository as a process of its own. Rejects with its output if
 * it fails.
 */
export const runScript = (
  path: string,
  args: readonly string[] = [],
  env: Record<string, string | undefined> = {},
): Promise<{ stdout: string; stderr: string }> =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', path, ...args], {
    env: { ...process.env, ...env },
  });
