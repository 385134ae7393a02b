import type { Loader } from '../loaders.ts';
import type { Context } from './context.ts';

/**
 * Resolves a field to the row with this id. For rows that a foreign key keeps, since a missing one
 * is an error.
 */
export const rowOf =
  <Parent, Row>(loader: Loader<string, Row | null>, idOf: (parent: Parent) => string) =>
  async (parent: Parent, _args: unknown, { scope }: Context): Promise<Row> =>
    (await loader.load(scope, idOf(parent)))!;

/** Resolves a field to the row with this id, or to null without an id or a row. */
export const rowOrNull =
  <Parent, Row>(loader: Loader<string, Row | null>, idOf: (parent: Parent) => string | null) =>
  async (parent: Parent, _args: unknown, { scope }: Context): Promise<Row | null> => {
    const id = idOf(parent);
    return id === null ? null : loader.load(scope, id);
  };
