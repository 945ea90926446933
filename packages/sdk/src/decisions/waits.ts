import type { z } from "zod";
import type { JobPromise } from "./job-promise.ts";
import type { JobSchemas } from "./job-schemas.ts";
import type { TimerPromise } from "./timer-promise.ts";

/** A wait that time may end. */
interface Timed {
  /** How far what the code was told of the time was ahead of it when the code asked for so long from then on. */
  readonly ahead: number;
  /** The moment that history has for it, by the time that the code is told. The code may name another one by now. */
  due?: number;
  /** A person has moved the moment. */
  isSteered?: true;
}

export type WaitingFor =
  | {
      readonly kind: "job";
      readonly jobType: string;
      readonly schemas: JobSchemas;
      readonly promise?: JobPromise<unknown>;
    }
  | (Timed & {
      readonly kind: "signal";
      readonly name: string;
      /** When the wait ends by itself, ms since the epoch. A person may put it off, or take it away. */
      until?: number;
      readonly schema?: z.ZodType;
    })
  | (Timed & { readonly kind: "timer"; readonly promise: TimerPromise<unknown> });

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

  /** History has when the wait ends. One that takes the place of another is for the moment of the first. */
  endsAt(id: string, dueAt: number): void {
    const waiting = this.#all.get(id);
    if (waiting === undefined || waiting.kind === "job") return;
    waiting.due ??= dueAt + waiting.ahead;
    if (waiting.kind === "signal") waiting.until = dueAt;
  }

  /** A person moved the moment at which the wait ends, or took it away. */
  steer(id: string, until: number | undefined): void {
    const waiting = this.#all.get(id);
    if (waiting === undefined || waiting.kind === "job") return;
    waiting.isSteered = true;
    if (waiting.kind !== "signal") return;
    if (until === undefined) delete waiting.until;
    else waiting.until = until;
  }

  /** As late as the code is told it is when the wait ends. By itself, the event's time says it, unless the code asked when it was ahead. */
  toldAtEnd(id: string, isByHand: boolean): number | undefined {
    const waiting = this.#all.get(id);
    if (waiting === undefined || waiting.kind === "job") return undefined;
    if (!isByHand && waiting.isSteered !== true && waiting.ahead === 0) return undefined;
    // Where nothing goes on by it, time would be ahead for what comes next.
    return waiting.kind === "timer" && !waiting.promise.isWanted ? undefined : waiting.due;
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
