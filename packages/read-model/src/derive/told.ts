import type { TimeInText } from "../views.ts";
import { durationWords, momentWords } from "./time-words.ts";

/** A sentence that knows where in it times are told, so that whoever shows it can tell them by the reader's clock, as they are by then. */
export interface Told {
  readonly text: string;
  readonly times: readonly TimeInText[];
}

/** Puts a sentence together. */
export function tell(words: TemplateStringsArray, ...parts: readonly (Told | string | number)[]): Told {
  let text = words[0] ?? "";
  const times: TimeInText[] = [];
  for (const [index, part] of parts.entries()) {
    if (typeof part === "object")
      times.push(
        ...part.times.map((time) => ({ ...time, from: time.from + text.length, to: time.to + text.length })),
      );
    text += typeof part === "object" ? part.text : part;
    text += words[index + 1] ?? "";
  }
  return { text, times };
}

/** A time of day, with its day where that is not the day of `now`. */
export function moment(at: number, now: number): Told {
  const text = momentWords(at, now);
  return { text, times: [{ from: 0, to: text.length, at, says: "moment" }] };
}

/** How long ago `since` was, which goes on growing. */
export function elapsed(since: number, now: number): Told {
  const text = durationWords(now - since);
  return { text, times: [{ from: 0, to: text.length, at: since, says: "elapsed" }] };
}
