// Reads the JSON results of Vitest. `--failed-files RESULTS` prints the files with a failure, one a line. `FIRST SECOND` prints how many
// tests passed, failed and were skipped, where the second run replaces the results of its files; it may be empty.
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';

/** @param {string} path */
const filesOf = (path) => {
  const text = readFileSync(path, 'utf8');
  return text === '' ? [] : JSON.parse(text).testResults;
};

const [first, second] = process.argv.slice(2);
if (first === '--failed-files') {
  for (const { name, status } of filesOf(second))
    if (status === 'failed') console.log(relative('.', name));
} else {
  const latest = new Map([...filesOf(first), ...filesOf(second)].map((file) => [file.name, file]));
  const counts = { passed: 0, failed: 0, skipped: 0 };
  for (const { status, assertionResults } of latest.values()) {
    // A file that failed to load reports no tests. It counts as one failure.
    if (status === 'failed' && assertionResults.length === 0) counts.failed++;
    for (const test of assertionResults)
      counts[test.status === 'passed' || test.status === 'failed' ? test.status : 'skipped']++;
  }
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
}
