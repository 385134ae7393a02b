/** One instruction of a Dockerfile, with its arguments as they are written. */
export interface Instruction {
  readonly name: string;
  readonly rest: string;
}

export interface Stage {
  /** An earlier stage, or an image. */
  readonly from: string;
  readonly name: string;
  readonly instructions: readonly Instruction[];
}

/** The stages in order. Instructions before the first FROM are ignored. */
export function stagesOf(dockerfile: string): Stage[] {
  const lines = dockerfile
    .replaceAll(/^\s*#.*\n/gm, '')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim());
  const stages: (Stage & { instructions: Instruction[] })[] = [];
  for (const line of lines) {
    const [, name = '', rest = ''] = /^(\w+)\s+(.*)$/.exec(line) ?? [];
    if (name === 'FROM') {
      const [from = '', , alias] = rest.split(/\s+/);
      stages.push({ from, name: alias ?? 'final', instructions: [] });
    } else stages.at(-1)?.instructions.push({ name, rest });
  }
  return stages;
}

/**
 * Returns a function that tells whether a path is part of the build context. The last matching
 * pattern of the .dockerignore decides.
 */
export function contextFilter(dockerignore: string): (path: string) => boolean {
  const rules = dockerignore
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line && !line.startsWith('#'))
    .map((line) => {
      const glob = line.replace(/^!/, '').replaceAll(/[.+^${}()|[\]]/g, '\\$&');
      const expression = glob
        .replaceAll('**/', '\0')
        .replaceAll('*', '[^/]*')
        .replaceAll('\0', '(?:.*/)?');
      return { included: line.startsWith('!'), pattern: new RegExp(`^${expression}(?:/|$)`) };
    });
  return (path) => rules.findLast(({ pattern }) => pattern.test(path))?.included ?? true;
}
