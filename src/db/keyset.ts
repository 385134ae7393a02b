/**
 * A row's position in a list that is sorted by two columns. The second column is unique among equal
 * values of the first.
 */
export type Key = readonly [first: string, second: string];

type Comparison = 'gt' | 'lt';

/** A Prisma condition on two columns of a table. */
type Condition<First extends string, Second extends string> = {
  [column in First | Second]?: string | { gt?: string; gte?: string; lt?: string; lte?: string };
} & { OR?: Condition<First, Second>[] };

type Direction = 'asc' | 'desc';

/**
 * Keyset pagination over two columns: the conditions and the order of a Prisma query that reads one
 * page.
 */
export function createKeyset<First extends string, Second extends string>(
  first: First,
  second: Second,
  direction: Direction,
) {
  const isAscending = direction === 'asc';

  /** The first condition lets PostgreSQL start at the key in an index on both columns. */
  const beyond = (comparison: Comparison, key: Key | undefined): Condition<First, Second>[] => {
    if (!key) return [];
    const [firstValue, secondValue] = key;
    return [
      { [first]: { [`${comparison}e`]: firstValue } },
      {
        OR: [
          { [first]: { [comparison]: firstValue } },
          { [first]: firstValue, [second]: { [comparison]: secondValue } },
        ],
      },
    ] as Condition<First, Second>[];
  };

  return {
    /** The conditions for rows between two keys, both excluded. */
    between: ({ after, before }: { after: Key | undefined; before: Key | undefined }) => [
      ...beyond(isAscending ? 'gt' : 'lt', after),
      ...beyond(isAscending ? 'lt' : 'gt', before),
    ],
    /** `inverted` reads backwards from the end of the list. */
    orderBy: (inverted: boolean) => {
      const order: Direction = isAscending === inverted ? 'desc' : 'asc';
      return [{ [first]: order }, { [second]: order }] as [
        { [column in First]: Direction },
        { [column in Second]: Direction },
      ];
    },
  };
}
