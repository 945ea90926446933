import { RunCancelledError } from "../errors.ts";
import { failure } from "../failure.ts";
import type { Ahead } from "./ahead.ts";
import type { Situation } from "./situation.ts";
import type { Unrecorded } from "./unrecorded.ts";

/** Of code from before the change. */
const before = 1;

/**
 * By which version of each change the run's code lives.
 *
 * V1. What history has recorded counts, wherever it stands in it: code may ask in another place than it did, or not at all any more.
 * V2. A run that went past the place without a record, so that its code asked for something else later, lives by version 1.
 * V3. A run that comes to the place for the first time lives by the newest, and that is recorded with what else its step asks for.
 * V4. The first answer is the run's for good.
 */
export class Versions {
  readonly #situation: Situation;
  readonly #unrecorded: Unrecorded;
  readonly #known = new Map<string, number>();
  readonly #ahead: Ahead;

  constructor(situation: Situation, unrecorded: Unrecorded, ahead: Ahead) {
    this.#situation = situation;
    this.#unrecorded = unrecorded;
    this.#ahead = ahead;
  }

  /** @returns whether the version has to be recorded */
  of(changeId: string, newest: number): { readonly version: number; readonly isNew: boolean } {
    const known = this.#known.get(changeId) ?? this.#find(changeId);
    const version = known ?? newest;
    this.#known.set(changeId, version);
    if (version > newest) {
      const message = `The run lives by version ${version} of ${changeId}, and the code knows versions up to ${newest}: it is older than the code that decided before.`;
      this.#situation.refuse(failure("nonDeterminism", "NonDeterminism", message));
      throw new RunCancelledError(message);
    }
    return { version, isNew: known === undefined };
  }

  /** History has it. */
  recorded(changeId: string, version: number): void {
    if (!this.#known.has(changeId)) this.#known.set(changeId, version);
    this.#unrecorded.keep((decision) => decision.type !== "RecordVersion" || decision.changeId !== changeId);
  }

  #find(changeId: string): number | undefined {
    return this.#ahead.versionOf(changeId) ?? (this.#ahead.hasOwnDecision ? before : undefined);
  }
}
