import {
  type AnyRunCommand,
  type Effect,
  isInseparable,
  type OpenRun,
  type RunEvent,
  unfinished,
} from "@downbeat/domain";
import { type Decision, recordableEvents } from "@downbeat/protocol";
import { applyDecision, askedOf } from "./fold.ts";
import type { RunEntry } from "./run-entry.ts";

/** One command's outcome, or the first part of it, ready to be put into a record. */
export interface Decided {
  readonly decision: Decision;
  readonly json: string;
  /** Length of `json` in UTF-8 bytes. */
  readonly bytes: number;
  /** The run after it; absent when the run does not exist. */
  readonly entry?: RunEntry;
  readonly effects: readonly Effect[];
  /** What else is to be recorded, after it. */
  readonly next?: Decided;
  /** So many of those came of the same input; absent for none. */
  readonly partsLeft?: number;
}

/** More than this in one part and it would not fit into a message of the log, base64 and escapes included. */
const maxDecisionBytes = 600_000;
/** Of all parts together. */
const maxInputBytes = 16_000_000;

/** What fits into one record. */
interface Part {
  readonly seq: number;
  readonly events: RunEvent[];
  readonly jsons: string[];
  readonly effects: Effect[];
  bytes: number;
  /** The run after it. */
  entry: RunEntry | undefined;
}

/**
 * What comes of one command while it is found out: only what every reader will read as it is meant. Where it is more than a record should hold,
 * it is cut into parts, between events that may be apart.
 */
export class Draft {
  readonly #base: Pick<Decision, "runId" | "workflow" | "inputId">;
  readonly #at: number;
  readonly #maxPartBytes: number;
  readonly #parts: Part[] = [];
  #part: Part;

  constructor(command: AnyRunCommand, before: RunEntry | undefined, at: number, maxPartBytes: number) {
    const workflow = before?.state.workflow ?? (command.type === "StartRun" ? command.workflow : "");
    this.#base = { runId: command.runId, workflow, inputId: command.commandId };
    this.#at = at;
    this.#maxPartBytes = maxPartBytes;
    const seq = (before?.state.seq ?? 0) + 1;
    // Events of a draft that came to nothing may be in the shared array.
    const entry =
      before !== undefined && before.history.length >= seq
        ? { ...before, history: before.history.slice(0, seq - 1) }
        : before;
    this.#part = { seq, events: [], jsons: [], effects: [], bytes: 0, entry };
  }

  get isEmpty(): boolean {
    return this.#part.events.length === 0;
  }

  /** The run after what is drafted so far. */
  get entry(): RunEntry {
    if (this.#part.entry === undefined) throw new RangeError("Nothing is drafted yet.");
    return this.#part.entry;
  }

  /** As long as it is open. */
  get run(): OpenRun | undefined {
    const state = this.#part.entry?.state;
    return state?.status === "running" ? state : undefined;
  }

  /** @returns why the events can't be recorded, in a sentence without its stop; then this draft is of no more use */
  add(events: readonly RunEvent[]): string | undefined {
    const recordable = recordableEvents(events);
    if ("flaw" in recordable) return recordable.flaw;
    let adding: RunEvent[] = [];
    for (const event of recordable.events) {
      const json = JSON.stringify(event);
      const bytes = Buffer.byteLength(json);
      const last = adding.at(-1) ?? this.#part.events.at(-1);
      const isFull = last !== undefined && this.#part.bytes + bytes > this.#maxPartBytes;
      if (isFull && !isInseparable(last, event)) {
        const found = this.#apply(adding);
        if (found !== undefined) return found;
        adding = [];
        this.#closePart();
      }
      adding.push(event);
      this.#part.jsons.push(json);
      this.#part.bytes += bytes;
    }
    return this.#apply(adding);
  }

  /** @returns why the log can't take it, in a sentence without its stop */
  tooLarge(): string | undefined {
    // Rule 10: what the log can't take is found out before it is sent, and refused instead.
    const parts = [...this.#parts, this.#part].map(({ bytes }) => bytes);
    const largest = Math.max(...parts);
    if (largest > maxDecisionBytes) return `it is ${largest} bytes, and the limit is ${maxDecisionBytes}`;
    const all = parts.reduce((sum, bytes) => sum + bytes, 0);
    return all <= maxInputBytes ? undefined : `it is ${all} bytes, and the limit is ${maxInputBytes}`;
  }

  /** Not of an empty draft. What the code has not been told of by the end is asked of it. */
  decided(): Decided {
    const last = this.#part;
    if (last.entry !== undefined) last.entry = askedOf(last.entry, last.effects);
    return this.#parts.reduceRight<Decided>(
      (next, part, index) => ({ ...this.#decided(part, this.#parts.length - index), next }),
      this.#decided(this.#part, 0),
    );
  }

  #apply(events: readonly RunEvent[]): string | undefined {
    if (events.length === 0) return undefined;
    const part = this.#part;
    const seq = part.seq + part.events.length;
    const next = applyDecision(part.entry, { ...this.#base, seq, events }, this.#at, part.effects);
    if (next.state.status === "damaged") return next.state.found;
    part.entry = next;
    for (const event of events) part.events.push(event);
    return undefined;
  }

  #closePart(): void {
    const { entry, events, seq } = this.#part;
    this.#parts.push(this.#part);
    this.#part = { seq: seq + events.length, events: [], jsons: [], effects: [], bytes: 0, entry };
  }

  #decided({ seq, events, jsons, effects, entry }: Part, left: number): Decided {
    // Rule 13: recorded with the part, so that a next owner knows that more is to come.
    const isUnfinished = left > 0 && entry?.state.status === "running";
    const decision: Decision = { ...this.#base, seq, events };
    const head = JSON.stringify({ ...this.#base, seq }).slice(0, -1);
    const json = `${head},"events":[${jsons.join(",")}]}`;
    const after =
      isUnfinished && entry.state.status === "running" ? { ...entry, state: unfinished(entry.state) } : entry;
    return {
      decision,
      json,
      bytes: Buffer.byteLength(json),
      effects,
      ...(after !== undefined && { entry: after }),
      ...(isUnfinished && { partsLeft: left }),
    };
  }
}

/** The one, and then the other. */
export function oneAfterOther(one: Decided | undefined, other: Decided | undefined): Decided | undefined {
  return one === undefined || other === undefined ? (one ?? other) : joined(one, other);
}

function joined(one: Decided, other: Decided): Decided {
  return { ...one, next: one.next === undefined ? other : joined(one.next, other) };
}

/** An answer that is not part of the run's history: the run does not exist, or is set aside. */
export function outsideHistory(command: AnyRunCommand, events: readonly RunEvent[]): Decided {
  const workflow = command.type === "StartRun" ? command.workflow : "";
  const decision = { runId: command.runId, workflow, inputId: command.commandId, seq: 0, events };
  const json = JSON.stringify(decision);
  return { decision, json, bytes: Buffer.byteLength(json), effects: [] };
}
