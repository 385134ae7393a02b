import { parse } from 'yaml';

export interface ComposeService {
  readonly env_file?: string;
  readonly environment?: Readonly<Record<string, string | number>>;
}

export interface Compose {
  readonly services: Readonly<Record<string, ComposeService>>;
}

/**
 * Replaces `${NAME}`, `${NAME:-default}` and `${NAME:?fault}`, one inside another too, as Docker
 * Compose does. Throws the fault.
 */
export function interpolate(text: string, variables: NodeJS.Dict<string>): string {
  const innermost = /\$\{([A-Z_]+)(?::([-?])([^${}]*))?\}/;
  for (let rest = text, match; ; rest = rest.replace(innermost, () => valueOf(match!, variables))) {
    match = innermost.exec(rest);
    if (!match) return rest;
  }
}

function valueOf(
  [, name, kind, word = '']: RegExpExecArray,
  variables: NodeJS.Dict<string>,
): string {
  const value = variables[name!] ?? '';
  if (value !== '' || kind === undefined) return value;
  if (kind === '?') throw new Error(`${name}: ${word}`);
  return word;
}

/** The environment of a service of a Compose file, with these variables in `.env`. */
export function environmentOf(
  composeFile: string,
  service: string,
  variables: NodeJS.Dict<string>,
): NodeJS.Dict<string> {
  const { environment = {}, env_file } = (parse(composeFile, { merge: true }) as Compose).services[
    service
  ]!;
  const fixed = Object.entries(environment).map(([name, value]) => [
    name,
    interpolate(String(value), variables),
  ]);
  return { ...(env_file === '.env' && variables), ...Object.fromEntries(fixed) };
}
