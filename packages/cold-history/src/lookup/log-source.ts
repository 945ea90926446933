import { LogError, type MessageLog, type Position, readRange } from "@downbeat/message-log";
import { readHistory, topics } from "@downbeat/protocol";
import type { RunPlace } from "@downbeat/read-model";
import type { Step } from "@downbeat/read-model/rules";
import { beginningAt, FollowedSteps } from "@downbeat/read-model/rules";
import type { Asked, ColdProgress } from "../port/asked.ts";
import type { ColdAnswer } from "../port/cold-answer.ts";
import { ColdError } from "../port/cold-error.ts";
import type { ColdRun, ColdRunQuery } from "../port/cold-run.ts";
import type { RunSource } from "./run-source.ts";

/** Times in the log are those of several clocks. */
const slackMs = 2_000;
const firstLookBackMs = 600_000;
const progressEveryMs = 300;

interface Found {
  readonly steps: readonly Step[];
  readonly isWhole: boolean;
}

/** The log keeps every event: a reader finds those of a run again, from about where it began. For logs without Pulsar SQL. */
export class LogSource implements RunSource {
  readonly source = "the log";
  readonly #log: MessageLog;

  constructor(log: MessageLog) {
    this.#log = log;
  }

  async run({ place }: ColdRunQuery, asked: Asked): Promise<ColdAnswer<ColdRun>> {
    const began = performance.now();
    const askedAt = Date.now();
    const read = { rows: 0, bytes: 0 };
    let told = began;
    const count = (bytes: number): void => {
      read.rows++;
      read.bytes += bytes;
      const now = performance.now();
      if (now - told < progressEveryMs) return;
      told = now;
      const progress: ColdProgress = { state: "reading", ...read, elapsedMs: now - began };
      asked.onProgress?.(progress);
    };
    try {
      const { steps, isWhole } = await this.#find(place, asked.signal, count);
      return {
        value: { steps },
        source: this.source,
        tookMs: performance.now() - began,
        read,
        completeTo: askedAt,
        isComplete: isWhole,
        ...(!isWhole && { note: "The log does not hold the beginning of this run any more." }),
      };
    } catch (error) {
      throw coldError(error, asked.signal);
    }
  }

  async #find(place: RunPlace, signal: AbortSignal, count: (bytes: number) => void): Promise<Found> {
    const end = await this.#log.lastPosition(topics.history(place.partition));
    if (end === undefined) return { steps: [], isWhole: false };
    const { from, to = Date.now() } = place;
    if (from !== undefined) {
      const found = await this.#scan(place, from - slackMs, end, signal, count);
      if (found.isWhole) return found;
    }
    // Where it began is not known: looked for further and further back.
    for (let lookBack = firstLookBackMs; to - lookBack > 0; lookBack *= 4) {
      const found = await this.#scan(place, to - lookBack, end, signal, count);
      if (found.isWhole || found.fromBeginning) return found;
    }
    return this.#scan(place, 0, end, signal, count);
  }

  async #scan(
    { runId, partition, to, seq }: RunPlace,
    from: number,
    end: Position,
    signal: AbortSignal,
    count: (bytes: number) => void,
  ): Promise<Found & { readonly fromBeginning: boolean }> {
    const topic = topics.history(partition);
    const beginning = await beginningAt(this.#log, topic, from, signal);
    const found = new FollowedSteps(runId, partition);
    let { cursor } = beginning;
    let last = 0;
    await readRange(this.#log, topic, { from: beginning.from, to: end, signal }, (message) => {
      count(message.payload.byteLength);
      const reading = readHistory(cursor, message);
      cursor = reading.cursor;
      if (reading.type !== "decisions") return false;
      for (const decision of reading.record.decisions) {
        if (decision.runId !== runId || decision.seq === 0 || decision.removed !== undefined) continue;
        if (last === 0 && decision.seq !== 1) return true;
        if (found.take(decision, reading.record.at)) last = found.lastSeq;
      }
      if (seq !== undefined) return last >= seq;
      return to !== undefined && message.publishTime > to + slackMs;
    });
    const isWhole = last > 0 && (seq === undefined || last >= seq);
    return { steps: found.steps, isWhole, fromBeginning: beginning.publishedAt === 0 };
  }
}

function coldError(error: unknown, signal: AbortSignal): unknown {
  if (signal.aborted)
    return new ColdError("cancelled", "Nobody waits for the answer any more.", { cause: error });
  if (!(error instanceof LogError)) return error;
  return new ColdError(error.code === "unauthorized" ? "refused" : "unavailable", error.message, {
    cause: error,
  });
}
