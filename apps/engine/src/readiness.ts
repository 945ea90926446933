import type { Engine } from "@downbeat/engine";

export interface ReadyState {
  readonly ready: boolean;
  /** What each partition's processor is doing. */
  readonly partitions: readonly string[];
  /** Why it is not ready, in a sentence. */
  readonly problem?: string;
}

/** Whether this process does what it is there for, and if not, why. */
export class Readiness {
  #onlyLog = false;
  #engine: Pick<Engine, "modes"> | undefined;
  #problem = "The engine is starting.";
  #fullDisk: string | undefined;

  /** @param problem `undefined`: there is room again */
  diskFull(problem: string | undefined): void {
    this.#fullDisk = problem;
  }

  waiting(problem: string): void {
    this.#problem = problem;
  }

  dropped(partition: number, reason: string): void {
    this.#problem = `Partition ${partition} was given up: ${reason}.`;
  }

  /** There is nothing but the log to run. */
  servesLog(): void {
    this.#onlyLog = true;
  }

  runs(engine: Pick<Engine, "modes">): void {
    this.#engine = engine;
    this.#problem = "The engine is connecting to the log.";
  }

  get state(): ReadyState {
    const partitions = this.#engine?.modes ?? [];
    if (this.#fullDisk !== undefined) return { ready: false, partitions, problem: this.#fullDisk };
    if (this.#onlyLog) return { ready: true, partitions };
    const ready =
      partitions.length > 0 && partitions.every((mode) => mode !== "connecting" && mode !== "dropped");
    return ready ? { ready, partitions } : { ready, partitions, problem: this.#problem };
  }
}
