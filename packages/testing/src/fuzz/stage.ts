import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { appRouter, type Context, createServices } from "@downbeat/api";
import { LogSource, RunLookups } from "@downbeat/cold-history";
import { partitionOf } from "@downbeat/domain";
import { type EmbeddedLog, openEmbeddedLog } from "@downbeat/embedded-log";
import { Engine, MemoryStateStore, systemClock } from "@downbeat/engine";
import type { MessageLog } from "@downbeat/message-log";
import { Follower, ReadModel } from "@downbeat/read-model";
import { type Client, client } from "@downbeat/sdk/client";
import { type Worker, worker } from "@downbeat/sdk/worker";
import { callTRPCProcedure, TRPCError } from "@trpc/server";
import { type CodeHome, codeOf, type EngineCode, limits } from "./code-home.ts";
import { act } from "./handlers.ts";
import { control, fuzzed } from "./interpret.ts";

export const partitions = 3;
/** A busy machine is no fault. */
export const patienceMs = 60_000;

export interface Finding {
  readonly kind: string;
  readonly what: string;
}

export type Report = (finding: Finding) => void;

/** The whole product in one process: log, engine, worker, client, read model and API. */
export class Stage {
  readonly client: Client;
  readonly log: MessageLog;
  /** How often each control job was carried out, by its number. */
  readonly carriedOut = new Map<number, number>();
  readonly #embedded: EmbeddedLog;
  readonly #directory: string;
  readonly #report: Report;
  readonly #worker: Worker;
  readonly #follower: Follower;
  readonly #readModel: ReadModel;
  readonly #context: Context;
  readonly #home: CodeHome;
  #code: EngineCode;
  #engine: Engine;
  #engines = 0;

  static async open(report: Report, home: CodeHome): Promise<Stage> {
    const embedded = await openEmbeddedLog({ file: ":memory:", storage: "inline" });
    const log = embedded.connect();
    for (const topic of ["inbox", "history"]) await log.createPartitionedTopic(topic, partitions);
    return new Stage(embedded, log, report, home);
  }

  private constructor(embedded: EmbeddedLog, log: MessageLog, report: Report, home: CodeHome) {
    this.#embedded = embedded;
    this.log = log;
    this.#report = report;
    this.#directory = mkdtempSync(join(tmpdir(), "downbeat-fuzz-"));
    this.#home = home;
    this.#code = this.#openCode();
    this.#engine = this.#startEngine();
    this.#worker = worker({
      log: embedded.connect(),
      name: "worker",
      concurrency: 500,
      ...(home === "workers" && { workflows: [fuzzed, control], limits }),
      onProblem: (problem) => this.#hearProblem(problem),
      jobs: {
        act,
        control: async (input: { n: number }) => {
          this.carriedOut.set(input.n, (this.carriedOut.get(input.n) ?? 0) + 1);
          return input;
        },
      },
    });
    this.client = client({ log: embedded.connect(), actor: "fuzz", answerWithin: patienceMs });
    const path = join(this.#directory, "history.sqlite");
    this.#follower = new Follower({
      log: embedded.connect(),
      path,
      source: "fuzz",
      onNotice: (what) => report({ kind: "reader", what }),
      onFailure: (error) => report({ kind: "reader", what: String(error.stack) }),
    });
    this.#readModel = new ReadModel(path);
    const readModel = this.#readModel;
    const feed = this.#follower;
    const lookups = new RunLookups({
      source: new LogSource(log),
      readModel,
      hotWindowMs: 1e9,
      partitions: () => partitions,
      earlierPlaceOf: () => undefined,
    });
    const name = { tenant: "public", namespace: "default" };
    const about = {
      ...{ version: "", node: "", host: "", startedAt: 0, log: "", settings: [] },
      disk: async () => ({ used: 0, free: 0, total: 0 }),
    };
    const parts = {
      ...{ log, feed, readModel, lookups, earlier: undefined, about, analytics: [] },
      alertChannels: { all: [], test: async () => {} },
      alertWatching: () => ({ is: "unknown", unknown: new Map() }) as const,
      boardPost: {
        namespace: "public/default",
        pageOf: () => undefined,
        refusal: () => undefined,
        send: async () => undefined,
      },
      audit: { path: ":memory:" },
    };
    this.#context = {
      ...createServices(name, parts),
      actor: "operator",
      role: "admin",
      outcomeTimeoutMs: 300,
    };
  }

  /** As a process that ends and another one that knows nothing but the log. */
  async restartEngine(): Promise<void> {
    await this.#engine.stop();
    await this.#code.close();
    this.#code = this.#openCode();
    this.#engine = this.#startEngine();
  }

  /**
   * Asks the API as over HTTP. What it refuses is an answer, too.
   *
   * @throws nothing: what is the server's fault is reported
   */
  async ask(type: "query" | "mutation", path: string, input: unknown): Promise<unknown> {
    try {
      return await callTRPCProcedure({
        router: appRouter,
        path,
        type,
        getRawInput: async () => input,
        ctx: this.#context,
        signal: undefined,
        batchIndex: 0,
      });
    } catch (error) {
      const isTheirs =
        error instanceof TRPCError &&
        !["INTERNAL_SERVER_ERROR", "SERVICE_UNAVAILABLE", "TIMEOUT"].includes(error.code);
      if (isTheirs) return undefined;
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause);
      this.#report({ kind: "5xx", what: `${path} of ${shown(input)}: ${why}` });
      return undefined;
    }
  }

  /** A client of its own for a call or two, if one can be made of these options. */
  async useClient(options: object, runId: string): Promise<void> {
    const made = client({ answerWithin: patienceMs, ...options, log: this.#embedded.connect() });
    try {
      await made.run(runId).signal("approval", "from another client");
    } finally {
      await made.close();
    }
  }

  /** A worker of a job that nobody asks for, if one can be made of these options. */
  async useWorker(options: object, jobType: unknown): Promise<void> {
    const name = typeof jobType === "string" ? jobType : "odd";
    const made = worker({ ...options, log: this.#embedded.connect(), jobs: { [`${name}`]: async () => {} } });
    await made.stop({ graceMs: 10 });
  }

  get readModel(): ReadModel {
    return this.#readModel;
  }

  /** Ids of runs, one in each partition. */
  onePerPartition(prefix: string): string[] {
    const found = new Map<number, string>();
    for (let number = 0; found.size < partitions; number++) {
      const runId = `${prefix}-${number}`;
      const partition = partitionOf(runId, partitions);
      if (!found.has(partition)) found.set(partition, runId);
    }
    return [...found.values()];
  }

  async close(): Promise<void> {
    await this.client.close();
    await this.#worker.stop({ graceMs: 100 });
    await this.#engine.stop();
    await this.#code.close();
    await this.#follower.close();
    this.#readModel.close();
    await this.#embedded.close();
    rmSync(this.#directory, { recursive: true, force: true });
  }

  #openCode(): EngineCode {
    return codeOf(this.#home, (problem) => this.#hearProblem(problem));
  }

  /** Code that ends its thread is what is played here; code without limits would be another thing. */
  #hearProblem(problem: string): void {
    if (problem.includes("without limits")) this.#report({ kind: "home", what: problem });
  }

  #startEngine(): Engine {
    const owner = `engine-${++this.#engines}`;
    const engine: Engine = new Engine({
      log: this.#embedded.connect({ deliver: "beforeCommit" }),
      decisions: this.#code.decisions,
      ...(this.#code.delegation !== undefined && { delegation: this.#code.delegation }),
      partitions,
      owner,
      clock: systemClock,
      wallClock: Date.now,
      store: () => new MemoryStateStore(),
      tickMs: 300,
      tuning: { dropBackOffMs: 50 },
      observer: {
        dropped: (partition, reason) => {
          if (engine === this.#engine)
            this.#report({ kind: "given up", what: `Partition ${partition}: ${reason}` });
        },
        quarantined: (topic, reason) => this.#report({ kind: "quarantine", what: `${topic}: ${reason}` }),
        ignoredRecord: (partition) =>
          this.#report({ kind: "record", what: `A record of partition ${partition} did not count.` }),
        snapshotDiscarded: (partition, reason) =>
          this.#report({ kind: "snapshot", what: `Partition ${partition}: ${reason}` }),
      },
    });
    engine.start();
    return engine;
  }
}

function shown(input: unknown): string {
  try {
    return JSON.stringify(input)?.slice(0, 300) ?? "undefined";
  } catch {
    return "something odd";
  }
}
