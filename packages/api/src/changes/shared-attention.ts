import type { ProjectionFeed, ReadModel, WaitCause } from "@downbeat/read-model";
import type { CauseMark } from "../views.ts";

type Attention = ReturnType<ReadModel["attention"]>;

interface Query {
  readonly limit: number;
  readonly fingerprint?: string | undefined;
}

interface Made {
  readonly generation: string;
  readonly change: number;
  readonly waits: readonly WaitCause[];
  readonly marks: readonly CauseMark[];
  readonly at: number;
  readonly attention: Attention;
}

interface Parts {
  readonly readModel: Pick<ReadModel, "attention">;
  readonly feed: Pick<ProjectionFeed, "generation" | "change">;
  readonly now: () => number;
}

/** A backlog becomes a cause by time alone, and a mute ends by it. */
const keptMs = 1_000;
const mostKept = 32;

/** First pages of what needs people, read once after each change for all who look at them. */
export class SharedAttention {
  readonly #parts: Parts;
  readonly #made = new Map<string, Made>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  list({ limit, fingerprint }: Query, waits: readonly WaitCause[], marks: readonly CauseMark[]): Attention {
    const { readModel, feed, now } = this.#parts;
    const { generation, change } = feed;
    const at = now();
    const key = `${limit} ${fingerprint ?? ""}`;
    const known = this.#made.get(key);
    if (
      known?.generation === generation &&
      known.change === change &&
      known.waits === waits &&
      known.marks === marks &&
      at >= known.at &&
      at - known.at < keptMs
    )
      return known.attention;
    const attention = readModel.attention({ limit, fingerprint, waits, marks });
    this.#made.delete(key);
    this.#made.set(key, { generation, change, waits, marks, at, attention });
    for (const oldest of this.#made.keys()) {
      if (this.#made.size <= mostKept) break;
      this.#made.delete(oldest);
    }
    return attention;
  }
}
