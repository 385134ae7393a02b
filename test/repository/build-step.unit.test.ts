import { mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runStep, type Step } from '../../scripts/build/step.js';

/** Copies `source/*` to `built/` in capitals; fails if a source says so. */
const build = `
  const fs = require('node:fs');
  for (const name of fs.readdirSync('source')) {
    const text = fs.readFileSync('source/' + name, 'utf8');
    if (text === 'wrong') process.exit(3);
    fs.writeFileSync('built/' + name, text.toUpperCase());
  }`;

const step: Step = {
  name: 'capitals',
  command: [process.execPath, '-e', build],
  inputs: ['source', 'lock.json'],
  outputs: ['built'],
  notOutputs: ['built/other'],
};

async function project() {
  const root = await mkdtemp(join(tmpdir(), 'build-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  write('source/a', 'one');
  write('built/other/file', 'of another step');
  return {
    write,
    remove: (path: string) => rmSync(join(root, path)),
    read: (path: string) => readFileSync(join(root, path), 'utf8'),
    setTime: (path: string, seconds: number) => utimesSync(join(root, path), seconds, seconds),
    run: () => runStep(root, step),
  };
}

describe('a step of the build', () => {
  it('runs once, and again only after an input or an output has changed', async () => {
    const { write, remove, read, setTime, run } = await project();
    expect(await run()).toBe(true);
    expect(await run()).toBe(false);

    const changes: Record<string, () => void> = {
      'an input has other text of the same length and age': () => {
        setTime('source/a', 1);
        write('source/a', 'two');
        setTime('source/a', 1);
      },
      'an input is added': () => write('source/b', 'b'),
      'an input is removed': () => remove('source/b'),
      'an input that was missing appears': () => write('lock.json', '{}'),
      'an output is edited': () => write('built/a', 'edited'),
      'an output is removed': () => remove('built/a'),
      'an unknown file is among the outputs': () => write('built/stranger', ''),
    };
    for (const [name, change] of Object.entries(changes)) {
      change();
      expect(await run(), name).toBe(true);
      expect(await run(), name).toBe(false);
    }
    expect(read('built/a')).toBe('TWO');
  });

  it('deletes what it wrote from sources that are gone, and nothing of another step', async () => {
    const { write, remove, read, run } = await project();
    write('source/b', 'b');
    await run();
    remove('source/b');
    await run();
    expect(() => read('built/b')).toThrow('ENOENT');
    expect(read('built/other/file')).toBe('of another step');

    write('built/other/file', 'changed by that step');
    expect(await run()).toBe(false);
  });

  it('runs again after it failed, until it succeeds', async () => {
    const { write, read, run } = await project();
    await run();
    write('source/a', 'wrong');
    await expect(run()).rejects.toThrow('exit code 3');
    await expect(run()).rejects.toThrow('exit code 3');
    write('source/a', 'one');
    expect(await run()).toBe(true);
    expect(read('built/a')).toBe('ONE');
  });
});
