import type { OwedList, OwedView } from "@downbeat/api/views";

/** In their order. One whose standing changed between the reading of two pages is on both of them: the later page knows it as it is. */
export function owedOfPages(pages: readonly Pick<OwedList, "owed">[]): readonly OwedView[] {
  const owed = new Map<string, OwedView>();
  for (const one of pages.flatMap((page) => page.owed)) {
    owed.delete(keyOfOwed(one));
    owed.set(keyOfOwed(one), one);
  }
  return [...owed.values()];
}

export const keyOfOwed = ({ runId, compensationId }: OwedView): string => `${compensationId} ${runId}`;
