import { invalid } from '../../errors.ts';
import { isStorable } from './text.ts';

const maxBytes = 8 * 1024;
const maxLevels = 10;

export type JsonObject = Record<string, unknown>;

/**
 * Returns a JSON object of the application that can be stored: at most 8 KiB, 10 levels of objects
 * and lists, and no text that PostgreSQL refuses. Throws INVALID.
 */
export function checkJson(value: JsonObject, field: string): JsonObject {
  if (!isFlat(value, maxLevels))
    throw invalid(
      `\`${field}\` has more than ${maxLevels} levels of objects and lists. Send a flatter object.`,
      field,
    );
  const bytes = Buffer.byteLength(JSON.stringify(value));
  if (bytes > maxBytes)
    throw invalid(
      `\`${field}\` has at most ${maxBytes} bytes as JSON; yours has ${bytes}. Store it elsewhere and pass a reference.`,
      field,
    );
  if (!hasStorableText(value))
    throw invalid(
      `\`${field}\` contains NUL or half of a surrogate pair, which cannot be stored. Remove it.`,
      field,
    );
  return value;
}

const isFlat = (value: unknown, levels: number): boolean =>
  typeof value !== 'object' ||
  value === null ||
  (levels > 0 && Object.values(value).every((inner) => isFlat(inner, levels - 1)));

/** Whether all strings in a JSON value, and all names in its objects, can be stored. */
function hasStorableText(value: unknown): boolean {
  if (typeof value === 'string') return isStorable(value);
  if (typeof value !== 'object' || value === null) return true;
  return Object.entries(value).every(([name, inner]) => isStorable(name) && hasStorableText(inner));
}
