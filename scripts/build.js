/**
 * Builds the files that `npm start` runs. A step runs only if its inputs or outputs have changed.
 * JavaScript, because it also runs where no development dependencies are installed.
 */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runStep } from './build/step.js';

/** Lists the installed versions, which may differ from those in package-lock.json. */
const installed = 'node_modules/.package-lock.json';

/** @type {readonly import('./build/step.js').Step[]} */
const steps = [
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
const hasTools = ['prisma', 'tsc', 'vite'].every((name) =>
  existsSync(`${root}/node_modules/.bin/${name}`),
);
try {
  if (hasTools) for (const step of steps) await runStep(root, step);
  else if (existsSync(`${root}/dist/main.js`))
    console.error('The development dependencies are not installed, so dist/ is used as it is.');
  else throw new Error('Building needs the development dependencies: npm ci --include=dev');
} catch (error) {
  // The command has printed the cause.
  console.error(String(error));
  process.exitCode = 1;
}
