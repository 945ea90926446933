/** A stretch of the list that was told before, as where it begins and how long it is; or entries in full. */
export type Segment<T> = { readonly from: number; readonly count: number } | { readonly put: readonly T[] };

/**
 * What makes the one list of the other, in as few words as may be: what stayed is not told again, wherever it stands now.
 *
 * @param before a mark of each entry that the other side has
 * @param marks of the entries that there are
 */
export function segmentsBetween<T>(
  before: readonly string[],
  after: readonly T[],
  marks: readonly string[],
): Segment<T>[] {
  const places = new Map(before.map((mark, index) => [mark, index]));
  const segments: Segment<T>[] = [];
  let stretch: { from: number; count: number } | undefined;
  let put: T[] | undefined;
  for (const [index, entry] of after.entries()) {
    const from = places.get(marks[index] ?? "");
    if (from === undefined) {
      if (put === undefined) segments.push({ put: (put = []) });
      put.push(entry);
      stretch = undefined;
    } else if (stretch !== undefined && stretch.from + stretch.count === from) {
      stretch.count += 1;
    } else {
      stretch = { from, count: 1 };
      segments.push(stretch);
      put = undefined;
    }
  }
  return segments;
}

/** The list after the change. */
export function withSegments<T>(before: readonly T[], segments: readonly Segment<T>[]): readonly T[] {
  return segments.flatMap((segment) =>
    "put" in segment ? segment.put : before.slice(segment.from, segment.from + segment.count),
  );
}
