import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/**
 * One command of the build. All paths are relative to the root of the project.
 *
 * @typedef {object} Step
 * @property {string} name
 * @property {readonly [string, ...string[]]} command
 * @property {readonly string[]} inputs Files and folders that the command reads. A path that is
 *   missing counts as empty.
 * @property {readonly string[]} outputs Folders that the command writes. They are emptied before
 *   the command runs.
 * @property {readonly string[]} [notOutputs] Folders directly in an output that another step
 *   writes.
 */

/**
 * Not hashed. A step that uses installed packages names the lock file of node_modules as an input
 * instead.
 */
const skipped = 'node_modules';

/**
 * @param {string} path
 * @returns {AsyncGenerator<string>}
 */
async function* filesBelow(path) {
  if (!existsSync(path)) return;
  if ((await stat(path)).isFile()) return yield path;
  const names = await readdir(path);
  for (const name of names.toSorted()) {
    if (name !== skipped) yield* filesBelow(join(path, name));
  }
}

/**
 * A hash of names and contents. File times do not matter: a checkout changes them.
 *
 * @param {AsyncIterable<string>} files
 */
async function fingerprint(files) {
  const hash = createHash('sha256');
  for await (const file of files) {
    const content = await readFile(file);
    hash.update(`${file}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

/**
 * @param {string} root
 * @param {readonly string[]} paths
 * @param {readonly string[]} [except]
 */
async function* filesOf(root, paths, except = []) {
  const excluded = except.map((path) => join(root, path));
  for (const path of paths) {
    for await (const file of filesBelow(join(root, path))) {
      if (!excluded.some((folder) => file.startsWith(`${folder}/`))) yield file;
    }
  }
}

/**
 * @param {string} root
 * @param {Step} step
 */
async function emptyOutputs(root, { outputs, notOutputs = [] }) {
  for (const folder of outputs) {
    await mkdir(join(root, folder), { recursive: true });
    for (const name of await readdir(join(root, folder))) {
      const path = join(folder, name);
      if (!notOutputs.includes(path)) await rm(join(root, path), { recursive: true });
    }
  }
}

/**
 * Runs the command, unless neither its inputs nor its outputs have changed since it last succeeded.
 * Returns whether it ran. Throws if the command fails; the next call then runs it again.
 *
 * @param {string} root
 * @param {Step} step
 * @returns {Promise<boolean>}
 */
export async function runStep(root, step) {
  const outputs = () => filesOf(root, step.outputs, step.notOutputs);
  const stamp = join(root, 'node_modules/.cache/build', step.name);
  // Hashed before the command runs, so that a file that changes meanwhile makes the next call run
  // it again.
  const read = JSON.stringify(step) + (await fingerprint(filesOf(root, step.inputs)));
  const built = await readFile(stamp, 'utf8').catch(() => undefined);
  if (built === read + (await fingerprint(outputs()))) return false;

  await rm(stamp, { force: true });
  await emptyOutputs(root, step);
  const [program, ...parameters] = step.command;
  const { status, error } = spawnSync(program, parameters, { cwd: root, stdio: 'inherit' });
  if (status !== 0) {
    throw new Error(`${step.command.join(' ')}: ${error?.message ?? `exit code ${status}`}`);
  }

  await mkdir(dirname(stamp), { recursive: true });
  await writeFile(stamp, read + (await fingerprint(outputs())));
  return true;
}
