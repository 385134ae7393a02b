import { defaultClientConditions, defineConfig } from 'vite';

/** The API for `npm run web`. The built client uses the server that it comes from. */
const target = process.env.CAUSERIE_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { conditions: ['@causerie/source', ...defaultClientConditions] },
  server: { proxy: { '/graphql': { target, ws: true } } },
  // The content security policy refuses `data:` URLs, so no asset may be inlined.
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
});
