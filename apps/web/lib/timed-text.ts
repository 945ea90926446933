import type { TimeInText } from "@downbeat/api/views";
import { formatMoment } from "./absolute-time.ts";
import { formatRunningDuration } from "./duration.ts";

/** A sentence of the server with its times as they are by now, on the clocks of the page. All else stays as it is: it may be somebody's words. */
export function timedText(text: string, times: readonly TimeInText[] | undefined, now: number): string {
  let told = "";
  let end = 0;
  for (const { from, to, at, says } of times ?? []) {
    told += text.slice(end, from);
    told += says === "moment" ? formatMoment(at, now) : formatRunningDuration(now - at);
    end = to;
  }
  return told + text.slice(end);
}
