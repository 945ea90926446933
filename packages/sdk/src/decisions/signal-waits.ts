import { FollowedPromise } from "./followed-promise.ts";
import type { Situation } from "./situation.ts";
import type { Unrecorded } from "./unrecorded.ts";
import type { WaitingFor, WaitingForSignal, Waits } from "./waits.ts";

interface SignalWait {
  waitId: string;
  readonly promise: FollowedPromise<unknown>;
  /** History says that it was given up. */
  isGivenUp: boolean;
}

export interface SignalWaitsParts {
  readonly situation: Situation;
  readonly unrecorded: Unrecorded;
  readonly waits: Waits;
  /** The code wants again what was given up. */
  readonly onWantedAgain: (waiting: WaitingForSignal) => void;
}

/**
 * Which signals the code still waits for.
 *
 * S1. A wait that nobody wants any more, since it lost each race that it was in, is given up when the code has come to rest: a signal that comes then goes to
 *     another wait, or is kept for the next.
 * S2. Code that uses its promise again waits again, behind the waits that there are by then.
 * S3. Histories from before this rule don't hold what was given up. What the next event finds unrecorded is asked for again after it; until it is recorded
 *     the wait is open, as history has it.
 */
export class SignalWaits {
  readonly #parts: SignalWaitsParts;
  /** As long as somebody can still come to them: a run may wait for signals all its life. */
  readonly #all = new WeakMap<WaitingForSignal, SignalWait>();
  /** A use of them has ended. */
  readonly #perhapsLost = new Set<WaitingForSignal>();
  readonly #givingUp = new Map<string, WaitingForSignal>();

  constructor(parts: SignalWaitsParts) {
    this.#parts = parts;
  }

  open(waitId: string, what: Extract<WaitingFor, { kind: "signal" }>): Promise<unknown> {
    let waiting: WaitingForSignal | undefined;
    const promise = FollowedPromise.followedBy<unknown>(
      {
        used: () => waiting !== undefined && this.#used(waiting),
        useEnded: () => waiting !== undefined && this.#perhapsLost.add(waiting),
      },
      (resolve, reject) => {
        waiting = { ...what, resolve, reject };
      },
    );
    if (waiting === undefined) throw new Error("A promise calls its executor at once.");
    this.#all.set(waiting, { waitId, promise, isGivenUp: false });
    this.#parts.waits.add(waitId, waiting);
    return promise;
  }

  /** It goes on under another id. */
  move(waiting: WaitingForSignal, waitId: string): void {
    const wait = this.#all.get(waiting);
    if (wait === undefined) return;
    wait.waitId = waitId;
    wait.isGivenUp = false;
    this.#parts.waits.add(waitId, waiting);
  }

  /** An event is about to wake the code (S3). */
  wake(): void {
    if (this.#givingUp.size === 0) return;
    this.#parts.unrecorded.keep(({ type }) => type !== "AbandonSignalWait");
    for (const waiting of this.#givingUp.values()) this.#perhapsLost.add(waiting);
    this.#givingUp.clear();
  }

  /** The code has come to rest (S1). */
  settle(): void {
    const { situation, unrecorded, waits } = this.#parts;
    if (this.#perhapsLost.size === 0) return;
    const isGoingOn =
      situation.phase === "code" && situation.closing === undefined && situation.broken === undefined;
    for (const waiting of isGoingOn ? this.#perhapsLost : []) {
      const wait = this.#all.get(waiting);
      if (wait === undefined || wait.promise.isWanted || waits.get(wait.waitId) !== waiting) continue;
      unrecorded.add({ type: "AbandonSignalWait", waitId: wait.waitId });
      this.#givingUp.set(wait.waitId, waiting);
    }
    this.#perhapsLost.clear();
  }

  abandoned(waitId: string): void {
    this.#parts.waits.take(waitId);
    const waiting = this.#givingUp.get(waitId);
    this.#givingUp.delete(waitId);
    const wait = waiting === undefined ? undefined : this.#all.get(waiting);
    if (wait !== undefined) wait.isGivenUp = true;
  }

  #used(waiting: WaitingForSignal): void {
    if (this.#all.get(waiting)?.isGivenUp === true) this.#parts.onWantedAgain(waiting);
  }
}
