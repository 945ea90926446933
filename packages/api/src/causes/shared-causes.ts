import type { ProjectionFeed, ReadModel, WaitCause } from "@downbeat/read-model";
import type { AttentionList, CauseMark } from "../views.ts";

/** What people are told of causes where there are no items. */
export interface CausesInShort {
  /** Of so many runs that are stuck nobody need be told now; of all of these, counted at the same moment. */
  readonly stuckSetAside: number;
  readonly stuck: number;
  readonly waits: AttentionList["groups"];
}

interface Made extends CausesInShort {
  readonly generation: string;
  readonly marks: readonly CauseMark[];
  readonly at: number;
  readonly keptMs: number;
}

interface Parts {
  readonly readModel: Pick<ReadModel, "stuckSetAside" | "waitGroups">;
  readonly feed: Pick<ProjectionFeed, "generation">;
  readonly now: () => number;
}

/** Of the server's time, one part in so many goes into counting: everybody is answered by one thread. */
export const keptTimesTook = 20;

const mostKept = 32;

/** What causes come to, of all workflows or of one, counted once for all who look. */
export class SharedCausesInShort {
  readonly #parts: Parts;
  readonly #made = new Map<string | undefined, Made>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  of(workflow: string | undefined, waits: readonly WaitCause[], marks: readonly CauseMark[]): CausesInShort {
    const { readModel, feed, now } = this.#parts;
    const { generation } = feed;
    const at = now();
    const known = this.#made.get(workflow);
    // What somebody has just said is seen at once; what time and runs do, in a moment.
    if (
      known?.generation === generation &&
      known.marks === marks &&
      at >= known.at &&
      at - known.at < known.keptMs
    )
      return known;
    const { stuck, setAside } = readModel.stuckSetAside(waits, marks, workflow);
    const groups = readModel.waitGroups(waits, marks, workflow);
    const keptMs = (now() - at) * keptTimesTook;
    const made = { generation, marks, at, keptMs, stuck, stuckSetAside: setAside, waits: groups };
    this.#made.delete(workflow);
    this.#made.set(workflow, made);
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= mostKept) break;
      this.#made.delete(oldest);
    }
    return made;
  }
}

/** Of runs that are stuck now, as was counted a moment ago: what has come since falls under what grows. */
export function setAsideOf(
  stuckNow: number,
  { stuck, stuckSetAside }: Pick<CausesInShort, "stuck" | "stuckSetAside">,
): number {
  if (stuckSetAside === 0) return 0;
  return Math.max(0, stuckNow - (stuck - stuckSetAside));
}
