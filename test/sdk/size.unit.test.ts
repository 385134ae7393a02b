import { gzipSync } from 'node:zlib';
import { build, type Rollup } from 'vite';
import { describe, expect, it } from 'vitest';

/** The bytes that a page loads for an entry, without its peer dependencies. */
async function bundle(entry: string): Promise<{ code: string; imports: string[] }> {
  const built = await build({
    logLevel: 'silent',
    configFile: false,
    build: {
      write: false,
      minify: true,
      lib: { entry: `client/src/${entry}.ts`, formats: ['es'] },
      rollupOptions: { external: /^[^./]/ },
    },
  });
  const [chunk, ...others] = (built as Rollup.RolldownOutput[])[0]!.output;
  expect(others).toEqual([]);
  return { code: chunk.code, imports: chunk.imports };
}

describe('the client in a web page', () => {
  it('weighs less than 15 KB compressed, and needs nothing but graphql-ws', async () => {
    const { code, imports } = await bundle('index');
    expect(code).toContain('mutation SendMessage');
    expect(gzipSync(code).length).toBeLessThan(15 * 1024);
    expect(imports).toEqual(['graphql-ws/client']);
  });

  it.each(['urql', 'apollo'])('adds a line for %s', async (entry) => {
    expect((await bundle(entry)).code.length).toBeLessThan(1000);
  });
});
