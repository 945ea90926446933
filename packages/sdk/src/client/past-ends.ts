import { emptyCursor } from "@downbeat/domain";
import { type Clock, type MessageLog, readRange } from "@downbeat/message-log";
import { type ReadDecision, readHistory, topics } from "@downbeat/protocol";
import { pause } from "../inbox/pause.ts";
import type { OnProblem } from "../problem-listener.ts";
import { asError } from "../thrown/as-error.ts";
import { endOf, type RunEnd } from "./outcomes.ts";
import { Standing } from "./standing.ts";

/** What history says of a run, up to when it was looked at. */
export type Past =
  | { readonly is: "over"; readonly end: RunEnd }
  | { readonly is: "open"; readonly standing: Standing }
  /** It holds nothing of the run. */
  | { readonly is: "unknown" }
  /** The run ended long ago: no more is left of it than how. */
  | { readonly is: "removed"; readonly status: RunEnd["status"] };

const lookEvery = 500;
const unknown: Past = { is: "unknown" };

interface Reading {
  readonly wanted: Set<string>;
  readonly found: Promise<ReadonlyMap<string, Past>>;
}

interface Given {
  readonly log: MessageLog;
  readonly partition: number;
  readonly clock: Clock;
  readonly stop: AbortSignal;
  /** Whether somebody still waits for it. */
  readonly isWanted: (runId: string) => boolean;
  readonly onProblem: OnProblem;
}

/**
 * Finds out from one partition of history how runs ended before anybody looked. It is read from its beginning, once for all that are asked for
 * together: that is two seconds of CPU for a million events, so whoever has something that knows gives it as a `lookup`.
 */
export class PastEnds {
  readonly #given: Given;
  /** To be looked for in the next reading. */
  #next: Reading | undefined;
  #reading: Promise<unknown> = Promise.resolve();

  constructor(given: Given) {
    this.#given = given;
  }

  /** Rejects when it is stopped. */
  async find(runId: string): Promise<Past> {
    this.#next ??= this.#begin();
    const { wanted, found } = this.#next;
    wanted.add(runId);
    return (await found).get(runId) ?? unknown;
  }

  #begin(): Reading {
    const wanted = new Set<string>();
    const before = this.#reading;
    const found = (async () => {
      await before;
      // Whoever asks from now on may ask for what is behind the reader already.
      this.#next = undefined;
      return this.#readPatiently(wanted);
    })();
    this.#reading = found.catch(() => {});
    return { wanted, found };
  }

  async #readPatiently(wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, Past>> {
    const { clock, stop, onProblem } = this.#given;
    let isTold = false;
    for (let delayMs = 100; ; delayMs = Math.min(delayMs * 2, 10_000)) {
      try {
        return await this.#read(wanted);
      } catch (error) {
        stop.throwIfAborted();
        if (!isTold) onProblem("History could not be read for the ends of runs.", asError(error));
        isTold = true;
        await pause(clock, delayMs, stop);
      }
    }
  }

  async #read(wanted: ReadonlySet<string>): Promise<ReadonlyMap<string, Past>> {
    const { log, partition, stop, isWanted } = this.#given;
    const topic = topics.history(partition);
    const past = new Map<string, Past>();
    const to = await log.lastPosition(topic);
    stop.throwIfAborted();
    if (to === undefined) return past;
    let cursor = emptyCursor;
    let read = 0;
    await readRange(log, topic, { from: "earliest", to, signal: stop }, (message) => {
      const reading = readHistory(cursor, message);
      cursor = reading.cursor;
      if (reading.type !== "decisions") return false;
      for (const decision of reading.record.decisions) {
        if (wanted.has(decision.runId)) past.set(decision.runId, after(past.get(decision.runId), decision));
      }
      read += 1;
      // Looked at now and then: there may be thousands.
      return read % lookEvery === 0 && !Array.from(wanted).some(isWanted);
    });
    return past;
  }
}

function after(before: Past | undefined, decision: ReadDecision): Past {
  const { events, removed } = decision;
  if (removed !== undefined) return { is: "removed", status: removed.status };
  let past = before;
  for (const event of events) {
    // Of a run that is over, or not known, too.
    if (event.type === "CommandRefused") continue;
    const end = endOf(event);
    if (end !== undefined) past = { is: "over", end };
    // An id may be used again, long after.
    else if (event.type === "RunStarted" || past === undefined)
      past = { is: "open", standing: new Standing() };
  }
  if (past?.is === "open") past.standing.take(decision);
  return past ?? unknown;
}
