/**
 * The rows that may travel with an event, by kind. The file that defines a row adds its kind by `declare module`. A date is a column of
 * its own: `encodeFacts` finds none inside of a column.
 */
export interface FactRows {}

export type FactKind = keyof FactRows;

/**
 * Rows as they were at the commit, by kind and id. They save a read of the database for each live event. A replay has none of them.
 */
export type Facts = {
  readonly [Kind in FactKind]?: { readonly [id: string]: FactRows[Kind] | null | undefined };
};

/** The id of a membership among the facts. */
export const memberKey = (conversationId: string, userId: string): string =>
  `${conversationId} ${userId}`;

/** A row as JSON keeps it, and the names of its columns that are dates. */
interface EncodedRow {
  readonly row: unknown;
  readonly dates: readonly string[];
}

/** Facts in the form in which nodes exchange them. */
export type EncodedFacts = Readonly<Record<string, Readonly<Record<string, EncodedRow>>>>;

type Columns = Record<string, unknown>;

export function encodeFacts(facts: Facts): EncodedFacts {
  const encoded: Record<string, Record<string, EncodedRow>> = {};
  for (const [kind, rows] of Object.entries<Columns>(facts)) {
    const ofKind: Record<string, EncodedRow> = (encoded[kind] = {});
    for (const [id, row] of Object.entries(rows))
      if (row != null) ofKind[id] = { row, dates: datesOf(row as Columns) };
  }
  return encoded;
}

/** Takes facts that came out of JSON, and turns the dates in them into dates again. */
export function decodeFacts(encoded: EncodedFacts): Facts {
  const facts: Record<string, Columns> = {};
  for (const [kind, rows] of Object.entries(encoded)) {
    const ofKind: Columns = (facts[kind] = {});
    for (const [id, { row, dates }] of Object.entries(rows)) {
      const columns = row as Columns;
      for (const name of dates) columns[name] = new Date(columns[name] as string);
      ofKind[id] = columns;
    }
  }
  return facts;
}

function datesOf(row: Columns): string[] {
  const dates: string[] = [];
  for (const name in row) if (row[name] instanceof Date) dates.push(name);
  return dates;
}
