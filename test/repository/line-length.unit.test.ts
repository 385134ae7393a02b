import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const maxCommentColumns = 100;
const maxColumns = 120;

/** The source files of the repository, without generated ones. */
const sourceFiles = execFileSync('git', ['ls-files', '*.ts', '*.tsx'], { encoding: 'utf8' })
  .split('\n')
  .filter((path) => path !== '' && !/(^|\/)generated(\/|\.)/.test(path));

const comment = /^\s*(\/\*\*?|\*|\/\/) /;
/** A line of a template, such as SQL, has no quotes of its own. */
const template = /`(?:\\.|[^`\\])*`/gs;
/** Strings, templates and regular expressions cannot break. */
const text = /['"`]|\/.+\//;

/**
 * The numbers of the lines that are too long. The formatter does not wrap comments, and does not
 * break texts. So a comment has 100 columns, and any other line has 120 unless it contains a text.
 */
function longLines(source: string): number[] {
  const templates = [...source.matchAll(template)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
  }));
  let offset = 0;
  return source.split('\n').flatMap((line, index) => {
    const start = offset;
    offset += line.length + 1;
    const isTooLong = comment.test(line)
      ? line.length > maxCommentColumns && /\S\s+\S/.test(line.replace(comment, ''))
      : line.length > maxColumns &&
        !text.test(line) &&
        !templates.some((one) => one.start < start && start < one.end);
    return isTooLong ? [index + 1] : [];
  });
}

describe('the source files', () => {
  it('wrap comments at 100 columns, and code at 120', () => {
    expect(sourceFiles.length).toBeGreaterThan(500);
    const found = sourceFiles.flatMap((path) =>
      longLines(readFileSync(path, 'utf8')).map((line) => `${path}:${line}`),
    );
    expect(found).toEqual([]);
  });

  it('are found if a line is too long', () => {
    const words = 'word '.repeat(25);
    expect(longLines(`// ${words}\n/** ${words} */\n/**\n * ${words}\n */`)).toEqual([1, 2, 4]);
    expect(longLines(`const sum = ${'one + '.repeat(20)}one;`)).toEqual([1]);
  });

  it('may have texts and links of any length', () => {
    const long = 'long'.repeat(40);
    expect(longLines(`// https://${long}.example`)).toEqual([]);
    expect(longLines(`const text = '${long}';\nconst sql = \`\n  select ${long}\n\`;`)).toEqual([]);
  });
});
