import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * In the order of their start: what waits longest first. What a test needs is said by the suffix of
 * its file; CONTRIBUTING.md has the rule.
 */
const projects = ['faults', 'browser', 'cluster', 'api', 'unit', 'load'];
const suffixed = (name: string) => `test/**/*.${name}.test.ts`;

/**
 * Keeps a project's files together: a worker goes on to the next file of its project, and starts
 * anew for one of another.
 */
class ByProject extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({ project }: TestSpecification) => projects.indexOf(project.name);
    return (await super.sort(files)).toSorted((one, other) => place(one) - place(other));
  }
}

const project = (name: string) =>
  ({
    // The package has an entry for import and one for require; with both loaded, an error of one is
    // a stranger to the other.
    resolve: { alias: [{ find: /^graphql$/, replacement: 'graphql/index.js' }] },
    test: {
      name,
      include: name === 'api' ? ['test/**/*.test.ts'] : [suffixed(name)],
      exclude: name === 'api' ? projects.map(suffixed) : [],
      // Each file makes and ends what it needs; loading the libraries anew for every one of them
      // takes longer than many of the tests. A control of the model replaces a module.
      isolate: name === 'load',
      // Servers and browsers share the cores with the workers, so a test may get little of one.
      testTimeout: 120_000,
      hookTimeout: 120_000,
      expect: { poll: { timeout: 30_000 } },
      // One after the other when all others have ended, because they need every core, and measure.
      ...(name === 'load' && { maxWorkers: 1, sequence: { groupOrder: 1 } }),
    },
  }) satisfies TestProjectInlineConfiguration;

export default defineConfig({
  test: {
    globalSetup: 'test/global-setup.ts',
    // Most tests wait more than they compute: for servers, for browsers, and for time to pass.
    maxWorkers: Math.ceil(availableParallelism() * 1.5),
    sequence: { sequencer: ByProject },
    projects: projects.map(project),
  },
});
