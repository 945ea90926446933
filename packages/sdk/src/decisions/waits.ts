import type { z } from "zod";
import type { JobPromise } from "./job-promise.ts";
import type { JobSchemas } from "./job-schemas.ts";

export type WaitingFor =
  | {
      readonly kind: "job";
      readonly jobType: string;
      readonly schemas: JobSchemas;
      readonly promise?: JobPromise<unknown>;
    }
  | {
      readonly kind: "signal";
      readonly name: string;
      /** When the wait ends by itself, ms since the epoch. A person may put it off, or take it away. */
      until?: number;
      /** The same as the code asked for it, by the time that the code is told. */
      readonly due?: number;
      readonly schema?: z.ZodType;
    }
  | { readonly kind: "timer"; readonly due: number };

export type Waiting = WaitingFor & { resolve(value: unknown): void; reject(error: Error): void };
export type WaitingForSignal = Extract<Waiting, { kind: "signal" }>;

/** What the code waits for, by id. Each look-up takes the same time however much it waits for. */
export class Waits {
  readonly #all = new Map<string, Waiting>();
  /** Ids of the waits for signals, by name, the oldest first. */
  readonly #signals = new Map<string, Set<string>>();
  #jobs = 0;

  get size(): number {
    return this.#all.size;
  }

  get jobs(): number {
    return this.#jobs;
  }

  add(id: string, waiting: Waiting): void {
    this.#all.set(id, waiting);
    if (waiting.kind === "job") this.#jobs++;
    if (waiting.kind !== "signal") return;
    const ids = this.#signals.get(waiting.name);
    if (ids === undefined) this.#signals.set(waiting.name, new Set([id]));
    else ids.add(id);
  }

  get(id: string): Waiting | undefined {
    return this.#all.get(id);
  }

  /** Until when the code wanted to wait, by the time that it is told. */
  dueOf(id: string): number | undefined {
    const waiting = this.#all.get(id);
    return waiting === undefined || waiting.kind === "job" ? undefined : waiting.due;
  }

  /** A person put the wait's time-out off, or took it away. */
  putOff(id: string, until: number | undefined): void {
    const waiting = this.#all.get(id);
    if (waiting?.kind !== "signal") return;
    if (until === undefined) delete waiting.until;
    else waiting.until = until;
  }

  take(id: string): Waiting | undefined {
    const waiting = this.#all.get(id);
    if (waiting === undefined) return undefined;
    this.#all.delete(id);
    if (waiting.kind === "job") this.#jobs--;
    if (waiting.kind !== "signal") return waiting;
    const ids = this.#signals.get(waiting.name);
    ids?.delete(id);
    if (ids?.size === 0) this.#signals.delete(waiting.name);
    return waiting;
  }

  /** Whom the next signal of that name goes to. */
  oldestForSignal(name: string): WaitingForSignal | undefined {
    for (const id of this.#signals.get(name) ?? []) {
      const waiting = this.#all.get(id);
      if (waiting?.kind === "signal") return waiting;
    }
    return undefined;
  }

  /** Takes all that waits for something other than a job. */
  takeAllButJobs(): Waiting[] {
    const ids = [...this.#all].flatMap(([id, { kind }]) => (kind === "job" ? [] : [id]));
    return ids.flatMap((id) => this.take(id) ?? []);
  }
}
