import { chmod, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { keepSecret, readSecret } from '../../src/db/kept-secret.ts';
import { temporaryDirectory, unprivilegedUser } from '../support/server-process.ts';

const secretFile = () => join(temporaryDirectory(), 'jwt-secret');

describe('the kept secret', () => {
  it('is created once, completely, for this account alone', async () => {
    const file = secretFile();
    const secret = await keepSecret(file);
    expect(Buffer.byteLength(secret)).toBeGreaterThanOrEqual(32);
    expect(await keepSecret(file)).toBe(secret);
    expect(await readFile(file, 'utf8')).toBe(secret);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(join(file, '..'))).toEqual(['jwt-secret']);
  });

  it('is created although a crash left half of one under another name', async () => {
    const file = secretFile();
    await writeFile(`${file}.new`, 'half');
    expect(await keepSecret(file)).toHaveLength(43);
    expect(await readdir(join(file, '..'))).toEqual(['jwt-secret']);
  });

  it.each([
    ['empty', ''],
    ['a byte short', 'x'.repeat(31)],
    ['blank', ' '.repeat(64)],
    ['padded', `${'x'.repeat(20)}${'\n'.repeat(20)}`],
    ['full of NUL', '\0'.repeat(43)],
    ['NUL at its end', `${'x'.repeat(40)}\0\0\0`],
  ])('[P14] is refused and left unchanged if it is %s', async (_what, text) => {
    const file = secretFile();
    await writeFile(file, text);
    for (const read of [keepSecret, readSecret])
      await expect(read(file)).rejects.toThrow(/damaged.*Restore the file from a backup/);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('can be a text of 32 bytes with a final line break', async () => {
    const file = secretFile();
    await writeFile(file, `${'ü'.repeat(16)}\n`);
    expect(await keepSecret(file)).toBe(`${'ü'.repeat(16)}\n`);
  });

  it.skipIf(unprivilegedUser())('is refused with a message if it cannot be read', async () => {
    const file = secretFile();
    await writeFile(file, 'x'.repeat(43));
    await chmod(file, 0);
    await expect(keepSecret(file)).rejects.toThrow(/cannot be read \(EACCES\)/);
  });
});

describe('JWT_SECRET', () => {
  it('[P14] has at least 32 bytes', () => {
    const read = (JWT_SECRET: string) => readConfig({ JWT_SECRET }).JWT_SECRET;
    for (const short of ['x', 'x'.repeat(31)])
      expect(() => read(short)).toThrow('JWT_SECRET is shorter than 32 bytes');
    for (const long of ['x'.repeat(32), 'ü'.repeat(16)]) expect(read(long)).toBe(long);
  });
});
