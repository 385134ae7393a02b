// node --import tsx take-lock.ts: for each line on standard input, a directory, tries to lock it
// and prints `held` or the error. It releases the lock at the next line.
import { createInterface } from 'node:readline';
import { lockDirectory } from '../../src/db/lock.ts';

console.log('ready');
let release = async () => {};
for await (const directory of createInterface(process.stdin)) {
  await release();
  const lock = await lockDirectory(directory).catch((error: Error) => error);
  release = lock instanceof Error ? async () => {} : lock.release;
  console.log(lock instanceof Error ? lock.message : 'held');
}
