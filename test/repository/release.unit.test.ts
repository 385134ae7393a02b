import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { contextFilter, stagesOf } from '../../scripts/image/dockerfile.ts';
import { release } from '../../scripts/release/changelog.ts';

describe('a release', () => {
  const released = '## [0.1.0] - 2026-11-21\n\n- First.\n';

  it('puts the unreleased changes under its version and date', () => {
    const changelog = `# Changelog\n\n## [Unreleased]\n\n### Added\n\n- Second.\n\n${released}`;
    expect(release(changelog, '0.2.0', '2026-12-01')).toBe(
      `# Changelog\n\n## [Unreleased]\n\n## [0.2.0] - 2026-12-01\n\n### Added\n\n- Second.\n\n${released}`,
    );
  });

  it('is refused if the changelog has nothing to release', () => {
    expect(() => release(`## [Unreleased]\n\n${released}`, '0.2.0', '2026-12-01')).toThrow(
      'no entries under',
    );
    expect(() => release(released, '0.2.0', '2026-12-01')).toThrow('no heading');
  });

  it('has one version for the server and the SDK', () => {
    const versionOf = (path: string) => JSON.parse(readFileSync(path, 'utf8')).version;
    expect(versionOf('client/package.json')).toBe(versionOf('package.json'));
  });
});

describe('the image', () => {
  const dockerfile = readFileSync('Dockerfile', 'utf8');
  const isIncluded = contextFilter(readFileSync('.dockerignore', 'utf8'));

  it('is built from a context with its sources, and without secrets, data or installed packages', () => {
    const needed = [
      'package.json',
      '.npmrc',
      'src/main.ts',
      'web/src/main.tsx',
      'scripts/build/step.js',
    ];
    const unwanted = [
      '.env',
      '.git/config',
      'data/key',
      'node_modules/ws/index.js',
      'test/x.test.ts',
    ];
    const copied = [
      'client/node_modules/a.js',
      'client/dist/index.js',
      'src/db/generated/client.ts',
    ];
    expect(needed.filter((path) => !isIncluded(path))).toEqual([]);
    expect([...unwanted, ...copied].filter(isIncluded)).toEqual([]);
  });

  it('copies only files of its context', () => {
    const sources = stagesOf(dockerfile)
      .flatMap(({ instructions }) => instructions)
      .filter(({ name, rest }) => name === 'COPY' && !rest.startsWith('--from'))
      .flatMap(({ rest }) => rest.split(/\s+/).slice(0, -1))
      .filter((path) => path !== '.');
    expect(sources).toContain('web/package.json');
    expect(sources.filter((path) => !isIncluded(path))).toEqual([]);
  });

  it('runs as an unprivileged user on the Node that .nvmrc recommends, with a health check', () => {
    const final = stagesOf(dockerfile).at(-1)!;
    const names = final.instructions.map(({ name }) => name);
    expect(final.instructions.find(({ name }) => name === 'USER')?.rest).toBe('node');
    expect(names).toContain('HEALTHCHECK');
    expect(dockerfile).toContain(`NODE_VERSION=${readFileSync('.nvmrc', 'utf8').trim()}\n`);
  });
});
