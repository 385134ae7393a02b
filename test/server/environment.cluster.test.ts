import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { decodeJwt } from 'jose';
import { describe, expect, it } from 'vitest';
import { temporaryDirectory } from '../support/server-process.ts';

const secret = 'a secret of at least 32 characters';
const environment = { PATH: process.env.PATH };

describe('the settings in .env', () => {
  const run = (directory: string, settings: Record<string, string> = {}) =>
    spawnSync(process.execPath, [resolve('dist/service-token.js'), 'shop'], {
      cwd: directory,
      env: { ...environment, ...settings },
      encoding: 'utf8',
    });

  it('are read from the working directory, below those of the environment', () => {
    const directory = temporaryDirectory();
    expect(run(directory).stderr).toContain('has no key yet');

    writeFileSync(join(directory, '.env'), `JWT_SECRET="${secret}"\nSIGN_UP=perhaps\n`);
    expect(run(directory).stderr).toContain('SIGN_UP');
    const token = run(directory, { SIGN_UP: 'on' }).stdout.trim();
    expect(decodeJwt(token)).toMatchObject({ sub: 'shop' });
  });

  it('are refused with the reason if they cannot be read', () => {
    const directory = temporaryDirectory();
    mkdirSync(join(directory, '.env'));
    const { status, stderr } = run(directory);
    expect(status).toBe(1);
    expect(stderr).toBe('.env cannot be read (EISDIR).\n');
  });
});

describe('npm start without development dependencies', () => {
  const build = (root: string) =>
    spawnSync(process.execPath, ['scripts/build.js'], {
      cwd: root,
      env: environment,
      encoding: 'utf8',
    });

  it('uses what is built, and says what is missing if nothing is', () => {
    const root = temporaryDirectory();
    cpSync('scripts/build.js', join(root, 'scripts/build.js'));
    cpSync('scripts/build', join(root, 'scripts/build'), { recursive: true });
    cpSync('package.json', join(root, 'package.json'));
    const bare = build(root);
    expect(bare.status).toBe(1);
    expect(bare.stderr).toContain('npm ci --include=dev');

    symlinkSync(resolve('dist'), join(root, 'dist'));
    const built = build(root);
    expect(built.status).toBe(0);
    expect(built.stderr).toContain('dist/ is used as it is');
    expect(execFileSync('npm', ['pkg', 'get', 'scripts.prestart'], { encoding: 'utf8' })).toContain(
      'node scripts/build.js',
    );
  });
});
