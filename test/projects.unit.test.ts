import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

/** What the files of a project must not use, since their suffix promises that they do without. */
const foreign: { readonly [project: string]: RegExp } = {
  unit: /support\/(start-node|servers|postgres|redis|program|browser|sdk|writing)\.ts'/,
  api: /\b(startCluster|startRedis|startPostgres|describeWith(Redis|Servers|Proxy|Chromium))\b|support\/(program|browser|hold-directory)\.ts'|'node:child_process'/,
};

const projectOf = (path: string): string =>
  /\.(unit|cluster|browser|faults|load)\.test\.ts$/.exec(path)?.[1] ?? 'api';

const isStray = (path: string, text: string): boolean =>
  foreign[projectOf(path)]?.test(text) ?? false;

describe('a test file', async () => {
  const paths = (await readdir('test', { recursive: true })).filter((path) =>
    path.endsWith('.test.ts'),
  );

  it('uses only the resources that its suffix allows', async () => {
    const strays: string[] = [];
    for (const path of paths)
      if (path !== 'projects.unit.test.ts' && isStray(path, await readFile(`test/${path}`, 'utf8')))
        strays.push(path);
    expect(strays).toEqual([]);
    expect(paths.length).toBeGreaterThan(100);
  });

  it('is found if it uses more', () => {
    const node = "import { startNode } from '../support/start-node.ts';";
    const cluster = "import { startCluster } from '../support/start-node.ts';";
    expect(isStray('chat/x.unit.test.ts', node)).toBe(true);
    expect(isStray('chat/x.test.ts', node)).toBe(false);
    expect(isStray('chat/x.test.ts', cluster)).toBe(true);
    expect(isStray('chat/x.cluster.test.ts', cluster)).toBe(false);
  });
});
