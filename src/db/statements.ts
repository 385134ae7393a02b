import { createHash } from 'node:crypto';
import pg from 'pg';

export interface Statement {
  /** The name under which each connection prepares it once. */
  readonly name: string;
  readonly text: string;
}

/** Runs one statement. int8 becomes a number. Rejects if there is no answer in time. */
export type RunStatement = <Row>(
  statement: Statement,
  values: readonly unknown[],
) => Promise<Row[]>;

/**
 * A dead connection may stay open for hours. No statement may take longer than this, so no answer
 * arrives later.
 */
const answerMs = 20_000;

/**
 * Prepares each statement once on each connection. Behind a pooler that loses prepared statements,
 * it sends their text every time.
 */
export function createStatements(pool: pg.Pool): RunStatement {
  const names = new WeakMap<Statement, string>();
  /**
   * Part of the names after a dump was restored over the tables, so that all statements must be
   * prepared again.
   */
  let preparation = 0;
  let isPrepared = true;

  const nameOf = (statement: Statement): string => {
    const name = names.get(statement) ?? nameByText(statement);
    names.set(statement, name);
    return preparation > 0 ? `${name} ${preparation}` : name;
  };
  const run = async (name: string | undefined, { text }: Statement, values: readonly unknown[]) =>
    (
      await pool.query({
        name,
        text,
        values: [...values],
        query_timeout: answerMs,
      } as pg.QueryConfig)
    ).rows;

  return async (statement, values) => {
    const before = preparation;
    try {
      return await run(isPrepared ? nameOf(statement) : undefined, statement, values);
    } catch (error) {
      // In either case the failed statement did nothing.
      if (isLost(error)) isPrepared = false;
      else if (!isOutdatedPlan(error)) throw error;
      else if (before === preparation) preparation++;
      return run(isPrepared ? nameOf(statement) : undefined, statement, values);
    }
  };
}

/**
 * Behind a pooler, a connection may find what another version of this program prepared. The same
 * name always means the same text.
 */
const nameByText = ({ name, text }: Statement): string =>
  `${name} ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;

/** Whether a dump was restored over the tables. */
const isOutdatedPlan = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && error.routine === 'RevalidateCachedQuery';

/**
 * Whether the connection of a pooler went on to a session that lacks the statement (26000), or has
 * it already (42P05).
 */
const isLost = (error: unknown): boolean =>
  error instanceof pg.DatabaseError && (error.code === '26000' || error.code === '42P05');
