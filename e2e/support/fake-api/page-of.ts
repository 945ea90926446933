/** One page of a list, its cursor the number of the first row of the next one. */
export function pageOf<Item>(all: readonly Item[], cursor: string | null | undefined, limit: number) {
  const start = cursor ? Number(cursor) : 0;
  const end = start + limit;
  return {
    items: all.slice(start, end),
    count: all.length,
    countIsLowerBound: false,
    ...(end < all.length && { cursor: String(end) }),
  };
}
