/**
 * What an index on `search_parts` looks up for a text: its parts of three characters, or the text
 * itself if it is shorter. A row contains the text only if it has all of these parts.
 */
export function searchPartsOf(text: string): string[] {
  const characters = [...text];
  if (characters.length <= 3) return [text];
  const parts = characters
    .slice(0, -2)
    .map((_, start) => characters.slice(start, start + 3).join(''));
  return [...new Set(parts)];
}

/** A pattern for LIKE that matches texts which contain this one. */
export const containing = (text: string): string => `%${literal(text)}%`;

/** A pattern for LIKE that matches texts which start with this one. */
export const startingWith = (text: string): string => `${literal(text)}%`;

const literal = (text: string) => text.replace(/[\\%_]/g, '\\$&');
