import type { AnyRunCommand, Effect, OpenRun, RunEvent } from "@downbeat/domain";
import { type Decision, recordableEvents } from "@downbeat/protocol";
import { applyDecision } from "./fold.ts";
import type { RunEntry } from "./run-entry.ts";

/** One command's outcome, ready to be put into a record. */
export interface Decided {
  readonly decision: Decision;
  readonly json: string;
  /** Length of `json` in UTF-8 bytes. */
  readonly bytes: number;
  /** The run after it; absent when the run does not exist. */
  readonly entry?: RunEntry;
  readonly effects: readonly Effect[];
}

/** More than this in one decision and it would not fit into a message of the log, base64 and escapes included. */
const maxDecisionBytes = 600_000;

/** What comes of one command while it is found out: only what every reader will read as it is meant. */
export class Draft {
  readonly effects: Effect[] = [];
  readonly #base: Pick<Decision, "runId" | "workflow" | "inputId">;
  readonly #seq: number;
  readonly #at: number;
  readonly #events: RunEvent[] = [];
  #entry: RunEntry | undefined;
  #text: { readonly decision: Decision; readonly json: string; readonly bytes: number } | undefined;

  constructor(command: AnyRunCommand, before: RunEntry | undefined, at: number) {
    const workflow = before?.state.workflow ?? (command.type === "StartRun" ? command.workflow : "");
    this.#base = { runId: command.runId, workflow, inputId: command.commandId };
    this.#seq = (before?.state.seq ?? 0) + 1;
    this.#at = at;
    // Events of a draft that came to nothing may be in the shared array.
    this.#entry =
      before !== undefined && before.history.length >= this.#seq
        ? { ...before, history: before.history.slice(0, this.#seq - 1) }
        : before;
  }

  /** The run after what is drafted so far. */
  get entry(): RunEntry {
    if (this.#entry === undefined) throw new RangeError("Nothing is drafted yet.");
    return this.#entry;
  }

  /** As long as it is open. */
  get run(): OpenRun | undefined {
    const state = this.#entry?.state;
    return state?.status === "running" ? state : undefined;
  }

  /** @returns why the events can't be recorded, in a sentence without its stop; then this draft is of no more use */
  add(events: readonly RunEvent[]): string | undefined {
    if (events.length === 0) return undefined;
    const recordable = recordableEvents(events);
    if ("flaw" in recordable) return recordable.flaw;
    const seq = this.#seq + this.#events.length;
    const part = { ...this.#base, seq, events: recordable.events };
    const next = applyDecision(this.#entry, part, this.#at, this.effects);
    if (next.state.status === "damaged") return next.state.found;
    this.#entry = next;
    this.#events.push(...recordable.events);
    this.#text = undefined;
    return undefined;
  }

  /** @returns why the log can't take it in one message, in a sentence without its stop */
  tooLarge(): string | undefined {
    const { bytes } = this.text();
    return bytes <= maxDecisionBytes
      ? undefined
      : `it is ${bytes} bytes, and the limit is ${maxDecisionBytes}`;
  }

  text(): { readonly decision: Decision; readonly json: string; readonly bytes: number } {
    this.#text ??= textOf({ ...this.#base, seq: this.#seq, events: this.#events });
    return this.#text;
  }
}

/** An answer that is not part of the run's history: the run does not exist, or is set aside. */
export function outsideHistory(command: AnyRunCommand, events: readonly RunEvent[]): Decided {
  const workflow = command.type === "StartRun" ? command.workflow : "";
  const decision = { runId: command.runId, workflow, inputId: command.commandId, seq: 0, events };
  return { ...textOf(decision), effects: [] };
}

function textOf(decision: Decision): Pick<Decided, "decision" | "json" | "bytes"> {
  const json = JSON.stringify(decision);
  return { decision, json, bytes: Buffer.byteLength(json) };
}
