import { useEffect, useRef, useState } from 'preact/hooks';
import { attempt } from '../../state/toasts.ts';

interface Page<Row> {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Pages<Row> {
  /** As far as they were read; undefined until the first page is there. */
  readonly rows: readonly Row[] | undefined;
  readonly hasMore: boolean;
  readMore(): Promise<unknown>;
  /** Reads again as far as they were read. */
  reload(): Promise<unknown>;
}

interface Known<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly end: string | null;
}

const nothing = { rows: [], hasMore: true, end: null };

/** A list that is read page by page, and again when `occasion` changes. */
export function usePages<Row>(
  occasion: unknown,
  read: (after: string | null) => Promise<Page<Row>>,
): Pages<Row> {
  const [known, setKnown] = useState<Known<Row>>();
  const latest = useRef<Known<Row>>(nothing);
  const order = useRef<Promise<unknown>>(Promise.resolve());
  const waiting = useRef<Promise<unknown> | undefined>(undefined);

  async function readOn(from: Known<Row>, atLeast: number): Promise<void> {
    let now = from;
    do {
      const { edges, pageInfo } = await read(now.end);
      now = {
        rows: [...now.rows, ...edges.map(({ node }) => node)],
        hasMore: pageInfo.hasNextPage,
        end: pageInfo.endCursor,
      };
    } while (now.hasMore && now.rows.length < atLeast);
    latest.current = now;
    setKnown(now);
  }

  // One after the other: the last to be asked says how it is.
  const inTurn = (work: () => Promise<void>) =>
    (order.current = order.current.then(() => attempt(work)));
  // However often it is asked for meanwhile.
  const reload = () =>
    (waiting.current ??= inTurn(() => {
      waiting.current = undefined;
      return readOn(nothing, latest.current.rows.length);
    }));
  const readMore = () => inTurn(() => readOn(latest.current, 0));
  useEffect(() => void reload(), [occasion]);

  return { rows: known?.rows, hasMore: known?.hasMore ?? false, readMore, reload };
}
