import type { TimerList, TimerView } from "@downbeat/api/views";

/** In their order. One that was put off between the reading of two pages is on both of them: the later page knows it as it is. */
export function timersOfPages(pages: readonly Pick<TimerList, "timers">[]): readonly TimerView[] {
  const timers = new Map<string, TimerView>();
  for (const timer of pages.flatMap((page) => page.timers)) {
    const key = `${timer.runId} ${timer.id}`;
    timers.delete(key);
    timers.set(key, timer);
  }
  return [...timers.values()];
}
