import { GraphQLError } from 'graphql';
import { defaultLimits } from '../limits.ts';

/**
 * More levels than any input of the schema needs, and few enough for recursive code, that of the
 * database included.
 */
const maxLevels = defaultLimits.variablesMaxLevels;

const loneSurrogate = /\p{Surrogate}/u;

/**
 * Throws BAD_USER_INPUT for a value that the code behind the API cannot handle: one with too many
 * levels of objects and lists, or with strings or keys that are not valid Unicode. The check never
 * goes deeper than the allowed number of levels.
 */
export function checkInputValue(value: unknown, levels = maxLevels): void {
  if (typeof value === 'string') {
    if (loneSurrogate.test(value))
      throw badUserInput('A string contains half of a surrogate pair. Send valid Unicode.');
  } else if (typeof value === 'object' && value !== null) {
    if (levels === 0)
      throw badUserInput(`A value has more than ${maxLevels} levels. Send a flatter value.`);
    for (const [key, inner] of Object.entries(value)) {
      checkInputValue(key);
      checkInputValue(inner, levels - 1);
    }
  }
}

const badUserInput = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
