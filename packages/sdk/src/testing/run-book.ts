import { type AcceptCursor, emptyCursor, evolve, type RunState } from "@downbeat/domain";
import type { MessageLog, Reader } from "@downbeat/message-log";
import { type ReadDecisionRecord, type RecordedEvent, readHistory, topics } from "@downbeat/protocol";
import type { Payloads } from "../codec/payloads.ts";
import type { Work } from "./work.ts";

export interface RunEntry {
  state: RunState;
  readonly history: RecordedEvent[];
  /** The same events with their payloads as they were before they were encrypted. */
  readonly plain: RecordedEvent[];
}

/** All runs as their history says, which is kept after they are over. */
export class RunBook {
  readonly #runs = new Map<string, RunEntry>();
  #cursor: AcceptCursor = emptyCursor;
  #reader: Reader | undefined;
  readonly #work: Work;
  readonly #payloads: Payloads;
  #decrypted: Promise<void> = Promise.resolve();
  /** Events so far. */
  events = 0;

  constructor(work: Work, payloads: Payloads) {
    this.#work = work;
    this.#payloads = payloads;
  }

  async follow(log: MessageLog): Promise<void> {
    this.#reader = await log.openReader(topics.history(0), {
      from: "earliest",
      onMessage: (message) => {
        const reading = readHistory(this.#cursor, message);
        this.#cursor = reading.cursor;
        if (reading.type === "decisions") this.#take(reading.record);
      },
    });
  }

  run(runId: string): RunEntry | undefined {
    return this.#runs.get(runId);
  }

  get runs(): Iterable<RunEntry> {
    return this.#runs.values();
  }

  async close(): Promise<void> {
    await this.#reader?.close();
  }

  #decrypt(events: readonly RecordedEvent[], into: RecordedEvent[]): void {
    const task = this.#work.begin("The decryption of history");
    this.#decrypted = this.#decrypted
      .then(async () => {
        into.push(...(await this.#payloads.shownEvents(events)));
      })
      .finally(() => task.end());
  }

  #take({ at, decisions, partsLeft }: ReadDecisionRecord): void {
    const last = partsLeft === undefined ? undefined : decisions.at(-1);
    for (const decision of decisions) {
      // What is of no run's history.
      if (decision.seq === 0) continue;
      const { runId, inputId, events } = decision;
      const known = this.#runs.get(runId);
      const history = known?.history ?? [];
      const plain = known?.plain ?? (this.#payloads.encrypts ? [] : history);
      const before = history.length;
      let state = known?.state;
      for (const [index, event] of events.entries()) {
        const seq = decision.seq + index;
        const isLast = decision === last && index === events.length - 1;
        state = evolve(state, event, { runId, seq, at, inputId, unfinished: isLast });
        history.push({ seq, at, event });
      }
      this.events += events.length;
      if (known !== undefined && state !== undefined) known.state = state;
      else if (state !== undefined) this.#runs.set(runId, { state, history, plain });
      if (plain !== history) this.#decrypt(history.slice(before), plain);
    }
  }
}
