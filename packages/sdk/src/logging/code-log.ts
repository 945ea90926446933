import type { RecordedEvent } from "@downbeat/protocol";
import { isOwnDecision } from "../decisions/own-decision.ts";
import type { Log, LogLevel, LogLine, LogMethod } from "./logger.ts";
import { readLine } from "./read-line.ts";

/** In the lines of a run: later places are greater, part by part. The same line has the same place at every replay. */
export type LinePlace = readonly [resumed: number, seq: number, number: number];

/** A line that workflow code wrote, with where it stands in its run. */
export interface CodeLine extends LogLine {
  readonly runId: string;
  readonly workflow: string;
  readonly place: LinePlace;
}

const mostLines = 200;

/**
 * The `run.log` of one run.
 *
 * L1. What the code writes while it is replayed is not said. A step is replayed where history tells that it was answered; one that got stuck and is resumed isn't, since
 *     nothing of it was recorded.
 * L2. Whatever the code gives is read, said or not: a getter among it has the same effect at every replay.
 * L3. No method throws or returns anything.
 * L4. A step writes so many lines at most: a loop can't flood anybody.
 */
export class CodeLog implements Log {
  readonly debug = this.#method("debug");
  readonly info = this.#method("info");
  readonly warn = this.#method("warn");
  readonly error = this.#method("error");
  readonly #runId: string;
  readonly #workflow: string;
  readonly #onLine: (line: CodeLine) => void;
  #resumed = 0;
  #seq = 0;
  #number = 0;
  #isReplayed = false;
  /** Of the events that are fed now. */
  #fed:
    | { readonly events: readonly RecordedEvent[]; readonly length: number; readonly answered: number }
    | undefined;

  constructor(runId: string, workflow: string, onLine: (line: CodeLine) => void) {
    this.#runId = runId;
    this.#workflow = workflow;
    this.#onLine = onLine;
  }

  /** @param length of the events, so many are there; more may be added later */
  feeding(events: readonly RecordedEvent[], length: number): void {
    if (this.#fed?.events === events && this.#fed.length === length) return;
    // At first they are the whole history. Code that is resumed later begins again, with a log of its own.
    if (this.#fed === undefined) this.#resumed = resumptionsIn(events, length);
    this.#fed = { events, length, answered: answeredBefore(events, length) };
  }

  /** The code may run because of the event next. @param index of it among those that are fed */
  at(seq: number, index: number): void {
    this.#seq = seq;
    this.#number = 0;
    this.#isReplayed = index < (this.#fed?.answered ?? 0);
  }

  /** A line about the code, by the library. */
  say(level: LogLevel, fields: object, message: string): void {
    if (this.#isReplayed) return;
    const place = [this.#resumed, this.#seq, this.#number++] as const;
    this.#onLine({ runId: this.#runId, workflow: this.#workflow, level, fields, message, place });
  }

  #method(level: LogLevel): LogMethod {
    return (first: object | string, second?: unknown): void => {
      try {
        this.#write(level, first, second);
      } catch {
        // Of what was given, or of a stack that is nearly used up: no line is worth an error in the code.
      }
    };
  }

  #write(level: LogLevel, first: unknown, second: unknown): void {
    if (this.#number > mostLines) return;
    if (this.#number === mostLines) {
      const message = `The code writes more than ${mostLines} lines in one step; the others of this step are left out.`;
      this.say("warn", {}, message);
      this.#number = mostLines + 1;
      return;
    }
    const number = this.#number++;
    const { fields, message } = readLine(first, second);
    if (this.#isReplayed) return;
    const place = [this.#resumed, this.#seq, number] as const;
    this.#onLine({ runId: this.#runId, workflow: this.#workflow, level, fields, message, place });
  }
}

/** So many of the events, as their history shows, were answered by the code before: what came later may be new to it. */
function answeredBefore(events: readonly RecordedEvent[], length: number): number {
  for (let index = length - 1; index >= 0; index--) {
    const event = events[index]?.event;
    if (event === undefined) continue;
    if (event.type === "CodeAnswered" ? events[index + 1]?.event.type !== "RunStuck" : isOwnDecision(event))
      return index;
  }
  return 0;
}

function resumptionsIn(events: readonly RecordedEvent[], length: number): number {
  let count = 0;
  for (let index = 0; index < length; index++) if (events[index]?.event.type === "RunResumed") count++;
  return count;
}
