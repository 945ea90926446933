import type { EventPage, EventView } from "@downbeat/api/views";

type Load = (afterSeq: number) => Promise<Pick<EventPage, "events" | "total" | "missing">>;

/**
 * All events of a run, page by page. Of an open run those that there were at the last page.
 *
 * @param onProgress how many of how many
 * @throws when some of them can't be found: half a history must not look like a whole one
 */
export async function gatherEvents(
  load: Load,
  onProgress: (gathered: number, total: number) => void,
): Promise<readonly EventView[]> {
  const events: EventView[] = [];
  for (;;) {
    const page = await load(events.at(-1)?.seq ?? 0);
    if (page.missing !== undefined) throw new Error(page.missing.why);
    events.push(...page.events);
    onProgress(events.length, page.total);
    if (events.length >= page.total) return events;
    if (page.events.length === 0)
      throw new Error(`Only ${events.length} of ${page.total} events could be read.`);
  }
}
