import { Engine, type EngineObserver, MemoryStateStore, systemClock } from "@downbeat/engine";
import type { MessageLog } from "@downbeat/message-log";
import { partitionedTopics } from "@downbeat/protocol";
import { openPulsarWebSocketLog } from "@downbeat/pulsar";
import { workflow } from "@downbeat/sdk";
import { type Client, client } from "@downbeat/sdk/client";
import { inProcessDecisions } from "@downbeat/sdk/decisions";
import { expect, inject } from "vitest";
import "../../../packages/pulsar/test/provided.ts";
import { benchWorker } from "../../../apps/travel/src/bench-worker.ts";
import { benchBooking } from "../../../apps/travel/src/bench-workflow.ts";
import { type Fold, foldHistory } from "../../lib/history-check.ts";
import { until } from "../../lib/processes.ts";
import { newNamespace } from "../../lib/pulsar-namespace.ts";

/** Open until it is signalled. */
export const waits = workflow("waits", async (run) => {
  await run.signal("go");
});

/** Ends by time alone. */
export const naps = workflow("naps", async (run) => {
  await run.sleep("20 seconds");
});

export const partitions = 4;

/** A namespace of its own on the suite's broker, with engines, a worker and a client in this process. All of it ends with `close`. */
export class InProcess {
  readonly namespace: string;
  readonly #closing: (() => Promise<unknown>)[] = [];
  readonly log: MessageLog;

  static async open(what: string): Promise<InProcess> {
    const own = new InProcess(await newNamespace(inject("pulsar"), what));
    for (const topic of partitionedTopics) await own.log.createPartitionedTopic(topic, partitions);
    return own;
  }

  private constructor(namespace: string) {
    this.namespace = namespace;
    this.log = this.logAt(inject("pulsar"));
  }

  logAt(serviceUrl: string, options: { readonly pingIntervalMs?: number } = {}): MessageLog {
    const log = openPulsarWebSocketLog({
      serviceUrl,
      adminUrl: inject("pulsar").replace("ws", "http"),
      namespace: this.namespace,
      ...options,
    });
    this.#closing.push(() => log.close());
    return log;
  }

  /** With an empty store: it reads all of history first. */
  startEngine(owner: string, { log = this.log, observer = {} as EngineObserver } = {}): Engine {
    const engine = new Engine({
      log,
      decisions: inProcessDecisions([benchBooking, naps, waits]),
      partitions,
      owner,
      clock: systemClock,
      wallClock: Date.now,
      store: () => new MemoryStateStore(),
      observer,
      tickMs: 1_000,
    });
    engine.start();
    this.#closing.push(() => engine.stop());
    return engine;
  }

  startWorker(log = this.log): void {
    const worker = benchWorker({ log, onProblem: () => {} });
    this.#closing.push(() => worker.stop());
  }

  newClient(log = this.log): Client {
    const booking = client({ log, actor: "faults", answerWithin: "2 minutes" });
    this.#closing.push(() => booking.close());
    return booking;
  }

  get adminUrl(): string {
    return inject("pulsar").replace("ws", "http");
  }

  async admin(method: string, path: string, body?: unknown): Promise<Response> {
    const url = `${this.adminUrl}/admin/v2/${path}`;
    const answer = await fetch(url, {
      method,
      headers: { "content-type": "application/json" },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
    return answer;
  }

  async close(): Promise<void> {
    for (const close of this.#closing.toReversed()) await close();
  }
}

export const ids = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/** Starts them all, and resolves when each has completed. */
export async function book(booking: Client, runIds: readonly string[]): Promise<void> {
  await Promise.all(
    runIds.map(async (runId) => {
      await booking.follow(runId);
      const ended = booking.ended(runId);
      await booking.start(benchBooking, { tripId: runId, amountCents: 1 }, { runId, wait: "sent" });
      expect(await ended).toMatchObject({ status: "completed" });
    }),
  );
}

/**
 * Counts from history alone: each of the runs is there and has ended once, and no rule of the log was broken.
 *
 * @param isCutOff the worker lost its connection: an attempt whose beginning was just said counts as ended with it, and another one is requested
 */
export async function expectOnce(
  log: MessageLog,
  runIds: readonly string[],
  { isCutOff = false } = {},
): Promise<Fold> {
  const fold = await foldHistory(log);
  expect(fold.violations).toEqual([]);
  expect([...fold.runs.keys()].filter((runId) => runIds.includes(runId)).toSorted()).toEqual(
    [...runIds].toSorted(),
  );
  for (const runId of runIds) {
    const run = fold.runs.get(runId);
    expect(run?.terminalEvents, runId).toBe(1);
    const attempts = [...(run?.requested ?? [])];
    expect(new Set(attempts.map((attempt) => attempt.split("/")[0])).size, runId).toBe(4);
    if (!isCutOff) expect(attempts, runId).toHaveLength(4);
  }
  return fold;
}

export async function owning(engine: Engine): Promise<void> {
  const isOwning = () => engine.modes.every((mode) => mode === "owning");
  expect(await until(isOwning, 45_000), JSON.stringify(engine.modes)).toBe(true);
}
