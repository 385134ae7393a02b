/**
 * The rows that may travel with an event, by kind. The file that defines a row adds its kind by
 * `declare module`. A date is a column of its own: `encodeFacts` finds none inside of a column.
 */
export interface FactRows {}

export type FactKind = keyof FactRows;

/**
 * Rows as they were at the commit, by kind and id. They save a read of the database for each live
 * event. A replay has none of them.
 */
export type Facts = {
  readonly [Kind in FactKind]?: { readonly [id: string]: FactRows[Kind] | null | undefined };
};

/** The id of a membership among the facts. */
export const memberKey = (conversationId: string, userId: string): string =>
  `${conversationId} ${userId}`;

type Columns = Record<string, unknown>;

/** A row with its dates in ms since 1970, and the names of those columns. */
interface EncodedRow {
  readonly row: Columns;
  readonly dates: readonly string[];
}

/** Facts in the form in which nodes exchange them. */
export type EncodedFacts = Readonly<Record<string, Readonly<Record<string, EncodedRow>>>>;

export function encodeFacts(facts: Facts): EncodedFacts {
  const encoded: Record<string, Record<string, EncodedRow>> = {};
  for (const [kind, rows] of Object.entries<Columns>(facts)) {
    const ofKind: Record<string, EncodedRow> = (encoded[kind] = {});
    for (const id in rows) if (rows[id] != null) ofKind[id] = encodeRow(rows[id] as Columns);
  }
  return encoded;
}

/** Reads facts that came out of JSON. It changes them in place. */
export function decodeFacts(encoded: EncodedFacts): Facts {
  const facts: Record<string, Columns> = {};
  for (const kind in encoded) {
    const rows = encoded[kind]!;
    const ofKind: Columns = (facts[kind] = {});
    for (const id in rows) ofKind[id] = decodeRow(rows[id]!);
  }
  return facts;
}

function encodeRow(row: Columns): EncodedRow {
  const dates = Object.keys(row).filter((name) => row[name] instanceof Date);
  if (dates.length === 0) return { row, dates };
  const copy = { ...row };
  for (const name of dates) copy[name] = (row[name] as Date).getTime();
  return { row: copy, dates };
}

function decodeRow({ row, dates }: EncodedRow): Columns {
  for (const name of dates) row[name] = new Date(row[name] as number);
  return row;
}
