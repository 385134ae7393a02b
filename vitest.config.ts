import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';

/** What the tests of a project need is said by the suffix of their files; CONTRIBUTING.md has the rule. */
const project = (name: string, include: string, exclude: string[] = []) =>
  ({
    // The package has an entry for import and one for require; with both loaded, an error of one is a stranger to the other.
    resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
    test: {
      name,
      include: [`test/**/${include}`],
      exclude: exclude.map((other) => `test/**/${other}`),
      // Each file makes and ends what it needs; loading the libraries anew for every one of them takes longer than many of the tests.
      isolate: false,
      testTimeout: 20_000,
      hookTimeout: 30_000,
    },
  }) satisfies TestProjectInlineConfiguration;

const suffixes = ['unit', 'cluster', 'browser', 'faults'];
const suffixed = (name: string) => `*.${name}.test.ts`;

export default defineConfig({
  test: {
    globalSetup: 'test/global-setup.ts',
    projects: [
      ...suffixes.map((name) => project(name, suffixed(name))),
      project('api', '*.test.ts', suffixes.map(suffixed)),
    ],
  },
});
