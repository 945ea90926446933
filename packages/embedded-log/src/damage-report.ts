import type { Position } from "@downbeat/message-log";
import type { Topic } from "./topic.ts";

/** Something in the log file that could not be read whole. */
export interface Damage {
  /** `tenant/namespace/topic`, where it is a message. */
  readonly topic?: string;
  readonly position?: Position;
  /** What is wrong, for the operator. */
  readonly sentence: string;
}

// Who has more than that has heard enough, and each is said to its readers all the same.
const mostRemembered = 100_000;

/** Tells of each damaged message once, however often it is read. */
export class DamageReport {
  readonly #file: string;
  readonly #tell: (damage: Damage) => void;
  readonly #told = new Set<string>();

  constructor(file: string, tell: (damage: Damage) => void) {
    this.#file = file;
    this.#tell = tell;
  }

  /** Of what is no message. */
  foundElsewhere(sentences: readonly string[]): void {
    for (const sentence of sentences) this.#tell({ sentence });
  }

  /** @returns what its readers are told */
  found(topic: Topic, entry: number, what: "missing" | "changed"): string {
    const said = what === "missing" ? "is missing" : "is damaged: it is not what was stored";
    const sentence = `Message ${entry} of ${topic.name} ${said}.`;
    const key = `${topic.id}/${entry}`;
    if (!this.#told.has(key) && this.#told.size < mostRemembered) {
      this.#told.add(key);
      this.#tell({
        topic: topic.name,
        position: topic.positionOf(entry),
        sentence: `${sentence} The log file ${this.#file} was changed by something else than Downbeat, or its disk fails.`,
      });
    }
    return sentence;
  }
}
