import { execFile } from 'node:child_process';
import { readFile, symlink, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { build, type Rollup } from 'vite';
import { expect, it } from 'vitest';
import { openContexts } from '../support/browser.ts';
import { temporaryDirectory } from '../support/server-process.ts';
import { describeWithChromium } from '../support/servers.ts';
import { startNode } from '../support/start-node.ts';
import { until } from '../support/until.ts';

const run = promisify(execFile);

/** The TypeScript that a page of documentation shows. */
const blocksOf = async (path: string): Promise<string[]> =>
  Array.from((await readFile(path, 'utf8')).matchAll(/```ts\n(.*?)```/gs), ([, code]) => code!);

/** The declarations that the examples of the documentation assume. */
const surroundings = `
declare const causerie: import('@causerie/client').Causerie;
declare const isCauserieError: typeof import('@causerie/client').isCauserieError;
declare const url: string, roomId: string, conversationId: string, body: string;
declare const after: string | undefined;
declare const signal: AbortSignal;
declare const file: File;
declare function remember(uploadId: string): void;
declare function showProgress(storedBytes: number): void;
declare function show(event: import('@causerie/client').ConversationEvent): void;
declare function say(text: string): void;
declare function mark(field: string | undefined): void;
declare function wait(ms: number): Promise<void>;
`;

it('the examples of the READMEs compile as printed', { timeout: 120_000 }, async () => {
  const folder = temporaryDirectory();
  await symlink(resolve('node_modules'), join(folder, 'node_modules'));
  const blocks = [...(await blocksOf('README.md')), ...(await blocksOf('client/README.md'))];
  expect(blocks.length).toBeGreaterThanOrEqual(6);
  const files = await Promise.all(
    blocks.map(async (code, place) => {
      await writeFile(join(folder, `${place}.ts`), `${code}\nexport {};\n`);
      return `${place}.ts`;
    }),
  );
  await writeFile(join(folder, 'surroundings.d.ts'), surroundings);
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
  const compilerOptions = { noEmit: true, types: [], rootDir: '/' };
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      extends: resolve('tsconfig.json'),
      compilerOptions,
      files: ['surroundings.d.ts', ...files],
    }),
  );
  const said = await run(process.execPath, ['node_modules/typescript/bin/tsc', '-p', folder]).then(
    ({ stdout }) => stdout,
    ({ stdout }) => stdout,
  );
  expect(said).toBe('');
});

describeWithChromium('the ten lines of the README', () => {
  const openContext = openContexts();

  it('run as they are printed', { timeout: 120_000 }, async () => {
    await using node = await startNode();
    const [shown] = await blocksOf('README.md');
    expect(shown).toContain('http://127.0.0.1:4000/graphql');
    const entry = join(temporaryDirectory(), 'ten-lines.ts');
    await writeFile(entry, shown!.replace('http://127.0.0.1:4000/graphql', node.url));
    const built = await build({
      logLevel: 'silent',
      configFile: false,
      resolve: { alias: { '@causerie/client': resolve('client/src/index.ts') } },
      build: { write: false, target: 'esnext', lib: { entry, formats: ['es'] } },
    });
    const script = (built as Rollup.RolldownOutput[])[0]!.output[0].code;
    const page = await (await openContext()).newPage();
    const lines: string[] = [];
    page.on('console', (line) => void (line.type() === 'log' && lines.push(line.text())));
    await page.goto(new URL('/health/live', node.url).href);
    // Not awaited, because the ten lines never end.
    void page.addScriptTag({ type: 'module', content: script }).catch(() => {});
    await until('it receives what it sent', () => lines.length > 0);
    expect(lines).toEqual(['Gina Hello!']);
  });
});
