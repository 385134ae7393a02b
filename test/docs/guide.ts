/** A block of code in a guide, and what a test does with it. */
export interface Step {
  /**
   * `file NAME` stores the block, `run` executes it as a shell script, `serve COMMAND` starts the
   * command and leaves it running, `settings` are those of the server.
   */
  readonly kind: 'file' | 'run' | 'serve' | 'settings';
  readonly argument: string;
  /** How long a script that does not end by itself runs. */
  readonly seconds: number | undefined;
  readonly prints: string | undefined;
  readonly printsNot: string | undefined;
  readonly code: string;
}

const marked = /<!-- (file|run|serve|settings)\b(.*?) -->\n```\w+\n([\s\S]*?)```/g;

/** The marked blocks of a guide, in their order. */
export const stepsOf = (guide: string): Step[] =>
  [...guide.matchAll(marked)].map(([, kind, options, code]) => {
    const [, argument] = /^:? (.*)$/.exec(options!) ?? [];
    return {
      kind: kind as Step['kind'],
      argument: argument ?? '',
      seconds: Number(/for (\d+) s/.exec(options!)?.[1]) || undefined,
      prints: /prints: (.*?)(?:, not: |$)/.exec(options!)?.[1],
      printsNot: /not: (.*)$/.exec(options!)?.[1],
      code: code!,
    };
  });

/** The settings in a block, by name. */
export const settingsIn = (steps: readonly Step[]): Record<string, string> =>
  Object.fromEntries(
    steps
      .filter(({ kind }) => kind === 'settings')
      .flatMap(({ code }) => code.trim().split('\n'))
      .map((line) => line.split(/=(.*)/s).slice(0, 2)),
  );

/** The sections of a guide by their headings. What precedes the first one has an empty heading. */
export const sectionsOf = (guide: string): Record<string, string> =>
  Object.fromEntries(
    `## \n${guide}`
      .split(/^## /m)
      .slice(1)
      .map((section) => [section.slice(0, section.indexOf('\n')), section]),
  );
