import { useEffect, useState } from 'preact/hooks';
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
  /** Reads the first page in place of what there is. */
  reload(): Promise<unknown>;
}

/** A list that is read page by page; `key` says of what. */
export function usePages<Row>(key: string, read: (after: string | null) => Promise<Page<Row>>): Pages<Row> {
  const [rows, setRows] = useState<readonly Row[]>();
  const [end, setEnd] = useState<Page<Row>['pageInfo']>();

  const take = (after: string | null) =>
    attempt(async () => {
      const { edges, pageInfo } = await read(after);
      const nodes = edges.map(({ node }) => node);
      setRows((known) => (after === null ? nodes : [...(known ?? []), ...nodes]));
      setEnd(pageInfo);
    });
  useEffect(() => void take(null), [key]);

  return { rows, hasMore: end?.hasNextPage ?? false, readMore: () => take(end?.endCursor ?? null), reload: () => take(null) };
}
