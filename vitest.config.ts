import { defineConfig } from 'vitest/config';

export default defineConfig({
  // The package has an entry for import and one for require; with both loaded, an error of one is a stranger to the other.
  resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: 'test/global-setup.ts',
    testTimeout: 20_000,
    hookTimeout: 30_000,
  },
});
