const unreleased = '## [Unreleased]\n';

/** The changelog with what was unreleased under a version. Throws if nothing was. `date` is YYYY-MM-DD. */
export function release(changelog: string, version: string, date: string): string {
  const [before, after] = changelog.split(unreleased);
  if (before === undefined || after === undefined)
    throw new Error('CHANGELOG.md has no heading Unreleased');
  const [text = ''] = after.split(/^## /m);
  if (!/^- /m.test(text)) throw new Error('CHANGELOG.md has nothing under Unreleased');
  return `${before}${unreleased}\n## [${version}] - ${date}\n${after}`;
}
