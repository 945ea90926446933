import { openEmbeddedLog } from "@downbeat/embedded-log";
import type { MessageLog } from "@downbeat/message-log";
import { topics } from "@downbeat/protocol";
import { Follower, ReadModel } from "@downbeat/read-model";
import {
  decisionsOf,
  everyEvent,
  HistoryLog,
  openCache,
  Retirement,
  scratchFile,
} from "@downbeat/read-model/testing";
import { expect, onTestFinished, test } from "vitest";
import { ColdError } from "../port/cold-error.ts";
import { LogSource } from "./log-source.ts";
import { RunLookups } from "./run-lookups.ts";
import type { RunSource } from "./run-source.ts";

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain for ${condition}.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** A log with the runs of every kind of event and a zombie's rival records, and the read model of it. */
async function stage(): Promise<{ log: MessageLog; path: string; readModel: ReadModel; runIds: string[] }> {
  const embedded = await openEmbeddedLog({ file: ":memory:" });
  onTestFinished(() => embedded.close());
  const log = embedded.connect();
  await log.createPartitionedTopic("history", 1);
  const runs = everyEvent();
  const history = new HistoryLog().claim();
  for (const { at, decision } of decisionsOf(runs)) {
    history.zombie([{ ...decision, inputId: "zombie" }]);
    history.decide(at, [decision]);
  }
  const producer = await log.openProducer(topics.history(0));
  for (const { payload } of history.messages) await producer.send({ payload });
  const path = scratchFile();
  const follower = new Follower({ log, path, source: "test" });
  await until(() => follower.freshness().live);
  await follower.close();
  const readModel = new ReadModel(path, () => 0);
  onTestFinished(() => readModel.close());
  return { log, path, readModel, runIds: runs.map(({ runId }) => runId) };
}

function retire(path: string): void {
  const cache = openCache(path, "test");
  const retirement = new Retirement(cache.db);
  while (retirement.next(Number.MAX_SAFE_INTEGER / 4_096)) {}
  cache.close();
}

const all = { afterSeq: 0, limit: 2_000 };
const asked = { who: "ada", signal: undefined };

test("a run whose events have left shows the same rows and events, read from the log", async () => {
  const { log, path, readModel, runIds } = await stage();
  const before = runIds.map((runId) => [readModel.run(runId), readModel.events(runId, all)]);
  retire(path);
  const fresh = new ReadModel(path, () => 0);
  onTestFinished(() => fresh.close());
  const lookups = new RunLookups({
    source: new LogSource(log),
    readModel: fresh,
    hotWindowMs: 1,
    partitions: () => 1,
  });
  let looked = 0;
  for (const [index, runId] of runIds.entries()) {
    if (fresh.missing(runId) !== undefined) looked++;
    expect(await lookups.find(runId, asked)).toBeUndefined();
    expect(fresh.missing(runId)).toBeUndefined();
    expect([fresh.run(runId), fresh.events(runId, all)]).toEqual(before[index]);
  }
  expect(looked).toBeGreaterThan(2);
  expect(fresh.origin(runIds[0] ?? "")).toMatchObject({ source: "the log" });
});

test("of what another source holds of a run, what can't follow is left out", async () => {
  const { path, readModel, runIds, log } = await stage();
  const runId = runIds.find((id) => readModel.run(id)?.status === "completed") ?? "";
  const before = readModel.events(runId, all);
  const seq = before?.total ?? 0;
  retire(path);
  const fresh = new ReadModel(path, () => 0);
  onTestFinished(() => fresh.close());
  const honest = new LogSource(log);
  const source: RunSource = {
    source: "Pulsar SQL",
    async run(query, how) {
      const answer = await honest.run(query, how);
      const forged = (at: number, label: string) => ({
        seq: at,
        at: 1,
        inputId: label,
        events: [{ type: "LabelsSet" as const, labels: { forged: label } }],
      });
      const steps = [...answer.value.steps, forged(seq, "doubled"), forged(seq + 1, "after its end")];
      return { ...answer, value: { steps } };
    },
  };
  const lookups = new RunLookups({ source, readModel: fresh, hotWindowMs: 1, partitions: () => 1 });
  expect(await lookups.find(runId, asked)).toBeUndefined();
  expect(fresh.events(runId, all)).toEqual(before);
});

/** Answers when it is told to. */
class SlowSource implements RunSource {
  readonly source = "Pulsar SQL";
  readonly signals: AbortSignal[] = [];
  answer: (error: Error) => void = () => {};

  run: RunSource["run"] = (_query, { signal, onProgress }) => {
    this.signals.push(signal);
    onProgress?.({ state: "reading", rows: 7, bytes: 70, elapsedMs: 1, percent: 30 });
    return new Promise((_, reject) => {
      this.answer = reject;
      signal.addEventListener("abort", () => reject(new ColdError("cancelled", "nobody waits")));
    });
  };
}

test("those who ask for one run share one lookup; it says how far it is, and is cancelled when the last of them has gone", async () => {
  const { path, readModel, runIds } = await stage();
  retire(path);
  const runId = runIds.find((id) => readModel.missing(id) !== undefined) ?? "";
  const source = new SlowSource();
  const lookups = new RunLookups({ source, readModel, hotWindowMs: 1, partitions: () => 1 });
  const [one, two] = [new AbortController(), new AbortController()];
  const answers = [one, two].map(({ signal }) => lookups.find(runId, { who: "ada", signal }));
  expect(lookups.progress(runId)).toMatchObject({
    source: "Pulsar SQL",
    state: "reading",
    percent: 30,
    rows: 7,
  });
  expect(source.signals).toHaveLength(1);
  one.abort();
  expect(source.signals[0]?.aborted).toBe(false);
  two.abort();
  expect(source.signals[0]?.aborted).toBe(true);
  await Promise.all(answers);
  expect(lookups.progress(runId)).toBeUndefined();
});

test("where nobody answers it says so, and what the summary says is still there", async () => {
  const { path, readModel, runIds } = await stage();
  const before = readModel.summaries(runIds);
  retire(path);
  const runId = runIds.find((id) => readModel.missing(id) !== undefined) ?? "";
  const source = new SlowSource();
  const hotWindowMs = 30 * 86_400_000;
  const lookups = new RunLookups({ source, readModel, hotWindowMs, partitions: () => 1 });
  const answer = lookups.find(runId, asked);
  source.answer(new ColdError("unavailable", "connect ECONNREFUSED 127.0.0.1:8081."));
  expect(await answer).toBe(
    "This run's events are older than 30 days, and Pulsar SQL does not answer: connect ECONNREFUSED 127.0.0.1:8081.",
  );
  const other = runIds.find((id) => id !== runId && readModel.missing(id) !== undefined) ?? "";
  const named = lookups.find(other, asked);

  source.answer(new ColdError("unavailable", "Pulsar SQL is not ready."));
  expect(await named).toBe("This run's events are older than 30 days, and Pulsar SQL is not ready.");
  const summary = before.find((run) => run.runId === runId);
  expect(readModel.run(runId)).toMatchObject({ ...summary, eventCount: summary?.seq, rows: [] });
});
