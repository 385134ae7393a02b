import { defaultClientConditions, defineConfig } from 'vite';

/** Where `npm run web` finds the API; what is built finds it at its own server. */
const target = process.env.CAUSERIE_URL ?? 'http://127.0.0.1:4000';

export default defineConfig({
  root: import.meta.dirname,
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  resolve: { conditions: ['@causerie/source', ...defaultClientConditions] },
  server: { proxy: { '/graphql': { target, ws: true } } },
  // Inlined assets would be `data:` URLs, which the content security policy refuses.
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    assetsInlineLimit: 0,
    target: 'es2022',
    modulePreload: { polyfill: false },
  },
});
