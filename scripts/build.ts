/**
 * Builds the files that `npm start` runs. A step runs only if its inputs or outputs have changed.
 */
import { fileURLToPath } from 'node:url';
import { runStep, type Step } from './build/step.ts';

/** Lists the installed versions, which may differ from those in package-lock.json. */
const installed = 'node_modules/.package-lock.json';

const steps: readonly Step[] = [
  {
    name: 'database-client',
    command: ['prisma', 'generate'],
    inputs: ['prisma/schema.prisma', 'prisma.config.ts', installed],
    outputs: ['src/db/generated'],
  },
  {
    name: 'server',
    command: ['tsc', '-p', 'tsconfig.build.json'],
    inputs: ['src', 'package.json', 'tsconfig.json', 'tsconfig.build.json', installed],
    outputs: ['dist'],
    notOutputs: ['dist/web'],
  },
  {
    name: 'web',
    command: ['npm', 'run', '--silent', 'build', '--workspace', 'web'],
    inputs: ['web', 'client/src', 'client/package.json', 'tsconfig.json', installed],
    outputs: ['dist/web'],
  },
];

const root = fileURLToPath(new URL('..', import.meta.url));
try {
  for (const step of steps) await runStep(root, step);
} catch (error) {
  // The command has printed the cause.
  console.error(String(error));
  process.exitCode = 1;
}
