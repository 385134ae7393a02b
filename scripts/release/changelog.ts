const unreleased = '## [Unreleased]\n';

/**
 * Moves the unreleased entries of the changelog under a version. Throws if there are none. `date`
 * is YYYY-MM-DD.
 */
export function release(changelog: string, version: string, date: string): string {
  const [before, after] = changelog.split(unreleased);
  if (before === undefined || after === undefined)
    throw new Error('CHANGELOG.md has no heading "[Unreleased]".');
  const [text = ''] = after.split(/^## /m);
  if (!/^- /m.test(text)) throw new Error('CHANGELOG.md has no entries under "[Unreleased]".');
  return `${before}${unreleased}\n## [${version}] - ${date}\n${after}`;
}
