import { changeList, jsonList, readList } from "@downbeat/protocol";
import { z } from "zod";
import { FollowedList, type FollowedParts } from "../followed-list.ts";

const ended = z.strictObject({
  /** `issuer|subject`, as history names people. */
  id: z.string().regex(/^[^|]+\|./, "as in local|ada, or https://login.example.com|4711"),
  /** ms since 1970: whoever signed in before that has to do it again. */
  since: z.number().int().min(0),
});

export type Ended = z.output<typeof ended>;

export const personId = ended.shape.id;

const list = jsonList("people whose sessions were ended", "people", z.array(ended));

/** No session lives longer, whatever the access file says. */
const longestLifeMs = 367 * 24 * 60 * 60_000;

/**
 * Ends what one person has begun, however they came.
 *
 * @throws Error that names the file, when it can't be changed, or another process is about to
 */
export function endSessionsOf(path: string, id: string, now: number): void {
  changeList(path, list, (all) => [
    ...all.filter((each) => each.id !== id && now - each.since < longestLifeMs),
    { id, since: now },
  ]);
}

/**
 * As the file has it now.
 *
 * @returns whether what somebody began at a time was ended since
 * @throws Error that names the file, when it can't be used
 */
export function endedSince(path: string): (id: string, begunAt: number) => boolean {
  const ends = new Map(readList(path, list).map(({ id, since }) => [id, since]));
  return (id, begunAt) => begunAt <= (ends.get(id) ?? Number.NEGATIVE_INFINITY);
}

/** People whose sessions were ended, all at once: counted within a second. */
export class EndedPeople {
  readonly #ended: FollowedList<Ended>;

  /** @throws Error when the file can't be used */
  constructor(parts: FollowedParts) {
    this.#ended = new FollowedList(parts, list, ({ id }) => id);
  }

  get all(): readonly Ended[] {
    return this.#ended.all;
  }

  /** @param begunAt ms since 1970 */
  has(id: string, begunAt: number): boolean {
    const since = this.#ended.find(id)?.since;
    return since !== undefined && begunAt <= since;
  }
}
