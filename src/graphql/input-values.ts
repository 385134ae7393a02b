import { GraphQLError } from 'graphql';

/** More than any input of the schema needs, and few enough for code that calls itself for each level, the database's too. */
const maxLevels = 64;

const loneSurrogate = /\p{Surrogate}/u;

/**
 * Throws BAD_USER_INPUT unless a value that a client sent is one that everything behind the API can handle: not too many levels of objects and
 * lists, and texts, keys too, that are Unicode. It looks no deeper than that, however deep the value is.
 */
export function checkInputValue(value: unknown, levels = maxLevels): void {
  if (typeof value === 'string') {
    if (loneSurrogate.test(value))
      throw badUserInput('A text holds half of a surrogate pair. Send valid Unicode.');
  } else if (typeof value === 'object' && value !== null) {
    if (levels === 0)
      throw badUserInput(`A value has more than ${maxLevels} levels. Send a flatter one.`);
    for (const [key, inner] of Object.entries(value)) {
      checkInputValue(key);
      checkInputValue(inner, levels - 1);
    }
  }
}

const badUserInput = (message: string) =>
  new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
