import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The package has an entry for import and one for require; with both loaded, an error of one is a stranger to the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    // Each file makes and ends what it needs; loading the libraries anew for every one of them takes longer than many of the tests.
    isolate: false,
    globalSetup: 'test/global-setup.ts',
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
