import { ApiError } from "../api-error.ts";

/** Of one person at a time: each holds a connection, and reads page after page. */
const mostOfOne = 3;

/** Each is in the audit for good: nobody fills it with them. */
const mostPerMinute = 30;
const minuteMs = 60_000;

/** Counts the exports that are under way, so that nobody reads everything over and over at once. */
export class ExportDesk {
  readonly #running = new Map<string, number>();

  readonly #begun = new Map<string, readonly number[]>();

  /**
   * @param at ms since the epoch
   * @throws ApiError where the person had as many within a minute as one may have
   */
  count(who: string, at: number): void {
    const recent = (this.#begun.get(who) ?? []).filter((begun) => begun > at - minuteMs && begun <= at);
    if (recent.length >= mostPerMinute)
      throw new ApiError("badInput", `One exports ${mostPerMinute} times a minute at most: wait a moment.`);
    this.#begun.set(who, [...recent, at]);
  }

  /** @throws ApiError where the person has as many as one may have */
  check(who: string): void {
    if ((this.#running.get(who) ?? 0) >= mostOfOne)
      throw new ApiError(
        "badInput",
        `${mostOfOne} exports of yours are under way: wait for one of them, or cancel it.`,
      );
  }

  /** @returns what is called when it is over */
  begin(who: string): () => void {
    this.#running.set(who, (this.#running.get(who) ?? 0) + 1);
    return () => {
      const left = (this.#running.get(who) ?? 1) - 1;
      if (left > 0) this.#running.set(who, left);
      else this.#running.delete(who);
    };
  }
}
