import { type AnyRunCommand, emptyCursor, partitionOf, type RunDecision } from "@downbeat/domain";
import {
  type DecisionRecord,
  type DecisionService,
  encodeHistoryRecord,
  encodeInboxMessage,
  type HistoryRecord,
  type InboxCommand,
  parseHistoryRecord,
  type Question,
  readHistory,
  recordProperties,
  topics,
} from "@downbeat/protocol";
import { onTestFinished } from "vitest";
import { Engine, type EngineObserver, type EngineOptions, MemoryStateStore } from "../src/index.ts";
import { EngineClock } from "./engine-clock.ts";
import { TestLog } from "./test-log.ts";

export const startedAt = Date.UTC(2026, 9, 23);

/** What the code of each workflow wants at a question; `ends` completes at once, of any other nothing comes. */
type Code = (question: Question) => readonly RunDecision[];

/** An engine on a log in memory, with time in a test's hands. */
export class EngineStage {
  readonly log = new TestLog();
  readonly clock = new EngineClock();
  readonly stores = new Map<number, MemoryStateStore>();
  /** What it told: the name, then the rest. */
  readonly told: (readonly [name: string, ...rest: unknown[]])[] = [];
  code: Code = ({ workflow }) => (workflow === "ends" ? [{ type: "CompleteRun", output: "2" }] : []);
  sessions = 0;
  readonly forgotten: string[] = [];
  #commands = 0;

  constructor() {
    this.log.now = () => startedAt + this.clock.monotonic();
  }

  readonly decisions: DecisionService = {
    checkStart: () => undefined,
    openSession: () => {
      this.sessions += 1;
      return {
        ask: async (question) => this.code(question),
        check: async () => undefined,
        forget: (runId) => void this.forgotten.push(runId),
        close: () => {
          this.sessions -= 1;
        },
      };
    },
  };

  readonly observer: EngineObserver = new Proxy(
    {},
    {
      get:
        (_, name) =>
        (...rest: unknown[]) =>
          void this.told.push([String(name), ...rest]),
    },
  );

  store(partition: number): MemoryStateStore {
    const known = this.stores.get(partition) ?? new MemoryStateStore();
    this.stores.set(partition, known);
    return known;
  }

  engine(given: Partial<EngineOptions> = {}): Engine {
    const engine = new Engine({
      log: this.log,
      decisions: this.decisions,
      partitions: 1,
      owner: "engine-1",
      clock: this.clock,
      store: (partition) => this.store(partition),
      wallClock: () => 77,
      observer: this.observer,
      ...given,
    });
    onTestFinished(() => engine.stop());
    return engine;
  }

  /** One that owns its partition. */
  async owning(given: Partial<EngineOptions> = {}): Promise<Engine> {
    const engine = this.engine(given);
    engine.start();
    await this.settle();
    this.send({ type: "Tick" });
    await this.settle();
    return engine;
  }

  async settle(): Promise<void> {
    for (let turns = 0; turns < 8; turns++) await this.clock.turn();
  }

  async pass(ms: number): Promise<void> {
    await this.clock.manual.advance(ms);
    await this.settle();
  }

  send(...commands: InboxCommand[]): void {
    this.log.put(topics.inbox(0), { payload: encodeInboxMessage(commands) });
  }

  start(runId: string, workflow = "ends"): AnyRunCommand & InboxCommand {
    this.#commands += 1;
    return { type: "StartRun", commandId: `c${this.#commands}`, runId, workflow, input: "1" };
  }

  put(record: HistoryRecord | { readonly id: string; readonly kind: string }, partition = 0): void {
    const isRecord = "at" in record;
    const payload = isRecord
      ? encodeHistoryRecord(record as HistoryRecord)
      : Buffer.from(JSON.stringify(record));
    this.log.put(topics.history(partition), {
      payload,
      properties: { ...recordProperties(record.id, payload) },
    });
  }

  records(partition = 0): HistoryRecord[] {
    return this.log.messages(topics.history(partition)).flatMap(({ payload }) => {
      const record = parseHistoryRecord(payload);
      return record === undefined ? [] : [record];
    });
  }

  decided(partition = 0): DecisionRecord[] {
    return this.records(partition).flatMap((record) => (record.kind === "decisions" ? [record] : []));
  }

  /** Types of a run's events, by the records that count. */
  events(runId: string): string[] {
    let cursor = emptyCursor;
    const found: string[] = [];
    for (const message of this.log.messages(topics.history(partitionOf(runId, 1)))) {
      const reading = readHistory(cursor, message);
      cursor = reading.cursor;
      if (reading.type !== "decisions") continue;
      for (const decision of reading.record.decisions)
        if (decision.runId === runId) found.push(...decision.events.map(({ type }) => type));
    }
    return found;
  }

  saidOf(name: string): (readonly unknown[])[] {
    return this.told.filter(([what]) => what === name).map(([, ...rest]) => rest);
  }
}
