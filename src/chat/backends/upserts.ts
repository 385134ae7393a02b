import { codesOf } from '../../db/unavailable.ts';
import { invalid, Refusal } from '../../errors.ts';
import { checkExternalId } from '../people/external-ids.ts';

/** The most items in one call. */
export const itemsMax = 1000;

/**
 * Checks the number of items and their external ids, and returns what `check` makes of each item. A
 * refusal names the item. Throws INVALID.
 */
export function checkItems<Item extends { readonly externalId: string }, Checked>(
  items: readonly Item[],
  field: string,
  check: (item: Item) => Checked,
): Checked[] {
  if (items.length < 1 || items.length > itemsMax)
    throw invalid(`Pass 1 to ${itemsMax} items. Pass the others with another call.`, field);
  const seen = new Set<string>();
  return items.map((item, index) => {
    try {
      if (seen.has(checkExternalId(item.externalId)))
        throw invalid('Another item has the same externalId. Pass each one once.', 'externalId');
      seen.add(item.externalId);
      return check(item);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      throw new Refusal(error.code, `\`${field}[${index}]\`: ${error.message}`, error.extensions);
    }
  });
}

/** Whether the database refused a name that another row has. */
export const isTaken = (error: unknown): boolean =>
  codesOf(error).some((code) => code === 'P2002' || code === '23505');
