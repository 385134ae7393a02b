import { useEffect, useRef, useState } from 'preact/hooks';
import { attempt } from '../../state/toasts.ts';

interface Page<Row> {
  readonly edges: readonly { readonly node: Row }[];
  readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
}

interface Pages<Row> {
  /** The loaded rows; undefined until the first page is loaded. */
  readonly rows: readonly Row[] | undefined;
  readonly hasMore: boolean;
  loadMore(): Promise<unknown>;
  /** Loads as many rows as are loaded now. */
  reload(): Promise<unknown>;
}

interface Loaded<Row> {
  readonly rows: readonly Row[];
  readonly hasMore: boolean;
  readonly end: string | null;
}

const nothing = { rows: [], hasMore: true, end: null };

/** A list that is loaded page by page, and again when `occasion` changes. */
export function usePages<Row>(
  occasion: unknown,
  loadPage: (after: string | null) => Promise<Page<Row>>,
): Pages<Row> {
  const [loaded, setLoaded] = useState<Loaded<Row>>();
  const latest = useRef<Loaded<Row>>(nothing);
  const queue = useRef<Promise<unknown>>(Promise.resolve());
  const waiting = useRef<Promise<unknown> | undefined>(undefined);

  async function load(from: Loaded<Row>, atLeast: number): Promise<void> {
    let now = from;
    do {
      const { edges, pageInfo } = await loadPage(now.end);
      now = {
        rows: [...now.rows, ...edges.map(({ node }) => node)],
        hasMore: pageInfo.hasNextPage,
        end: pageInfo.endCursor,
      };
    } while (now.hasMore && now.rows.length < atLeast);
    latest.current = now;
    setLoaded(now);
  }

  // One after another, so that the answer to the last request is the one that is shown.
  const inTurn = (work: () => Promise<void>) =>
    (queue.current = queue.current.then(() => attempt(work)));
  // Calls while a reload waits for its turn share it.
  const reload = () =>
    (waiting.current ??= inTurn(() => {
      waiting.current = undefined;
      return load(nothing, latest.current.rows.length);
    }));
  const loadMore = () => inTurn(() => load(latest.current, 0));
  useEffect(() => void reload(), [occasion]);

  return { rows: loaded?.rows, hasMore: loaded?.hasMore ?? false, loadMore, reload };
}
