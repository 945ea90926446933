import { NoAnswerError } from "@downbeat/sdk/client";
import { odd } from "./odd-values.ts";
import type { Call } from "./program.ts";
import type { Report, Stage } from "./stage.ts";

/** Does to the run what the call says, with whatever odd values. A refusal is an answer. */
export async function perform(stage: Stage, runId: string, call: Call, report: Report): Promise<void> {
  const values = call.values.map(odd);
  if (call.by === "api" || call.verb.endsWith("Timers")) return ask(stage, runId, call.verb, values);
  try {
    await tell(stage, runId, call.verb, values);
  } catch (error) {
    // A client of its own may have been told not to wait.
    if (error instanceof NoAnswerError && call.verb !== "makeClient")
      report({ kind: "no answer", what: error.message });
  }
}

async function tell(stage: Stage, runId: string, verb: string, values: readonly unknown[]): Promise<unknown> {
  const { client } = stage;
  const [one, two, three] = values;
  switch (verb) {
    case "start":
      return Reflect.apply(client.start, client, [one, two, { labels: three }]);
    case "startAgain":
      return Reflect.apply(client.start, client, ["fuzz", one, { runId, labels: two }]);
    case "read":
      return Reflect.apply(client.run, client, [one]);
    case "result":
      // Without a time-out, or with a long one, it waits for a run that nothing may end.
      void Reflect.apply(client.run(runId).result, client.run(runId), [{ timeout: one }]).catch(ignore);
      return;
    case "makeClient":
      return stage.useClient({ actor: one, answerWithin: two }, runId);
    case "makeWorker":
      return stage.useWorker({ name: one, concurrency: two }, three);
    default: {
      const handle = client.run(runId);
      return Reflect.apply(Reflect.get(handle, verb), handle, values);
    }
  }
}

/** That a run has not ended in the time given is no matter here. */
function ignore(): void {}

/** Only what JSON can hold gets to the server. */
function ask(stage: Stage, runId: string, verb: string, values: readonly unknown[]): Promise<void> {
  const [one, two, three] = values.map(asJson);
  const about = { runId, reason: one, jobId: two };
  const questions: Record<string, () => Promise<unknown>> = {
    signal: () => stage.ask("mutation", "runs.signal", { runId, name: one, payload: two, reason: three }),
    cancel: () => stage.ask("mutation", "runs.cancel", about),
    terminate: () => stage.ask("mutation", "runs.terminate", about),
    resume: () => stage.ask("mutation", "runs.resume", about),
    retryJob: () => stage.ask("mutation", "jobs.retry", { ...about, input: three }),
    cancelJob: () => stage.ask("mutation", "jobs.cancel", about),
    completeJob: () => stage.ask("mutation", "jobs.complete", { ...about, output: three }),
    runJobNow: () => stage.ask("mutation", "jobs.runNow", about),
    start: () => stage.ask("mutation", "runs.start", { workflow: one, input: two, labels: three }),
    startAgain: () =>
      stage.ask("mutation", "runs.start", { workflow: "fuzz", runId, input: two, labels: three }),
    fireTimers: () => steer(stage, "fire", runId, [one, two, three]),
    postponeTimers: () => steer(stage, "postpone", runId, [one, two, three]),
    cancelTimers: () => steer(stage, "cancel", runId, [one, two, three]),
    timers: () => stage.ask("query", "timers.list", { kind: one, runId: two, from: three }),
    events: () => stage.ask("query", "runs.events", { runId: one, afterSeq: two, limit: three }),
    overview: () => stage.ask("query", "overview.get", { from: one, to: two, bucketMs: three }),
    outcome: () => stage.ask("query", "actions.outcome", { runId, actionId: one }),
    attention: () => stage.ask("query", "attention.list", { cursor: one, limit: two, fingerprint: three }),
    markCause: () =>
      stage.ask("mutation", "attention.mark", { fingerprint: one, version: 0, note: two, ticket: three }),
    cause: () => stage.ask("query", "attention.cause", { fingerprint: one }),
    saveQuery: () => stage.ask("mutation", "savedQueries.save", { name: one, source: "readModel", sql: two }),
    deleteQuery: () => stage.ask("mutation", "savedQueries.delete", { id: one }),
    lookup: () => stage.ask("query", "runs.lookup", { runId: one }),
    openJobs: () => stage.ask("query", "jobs.list", { jobType: one, status: two, cursor: three }),
    read: () => stage.ask("query", "runs.list", { filter: { text: one, from: two }, limit: three }),
  };
  return Promise.resolve(questions[verb]?.()).then(() => {});
}

/** Does it to all that waits in the run, as far as that is shown, and to something odd. */
async function steer(
  stage: Stage,
  how: "fire" | "postpone" | "cancel",
  runId: string,
  [one, two, three]: readonly unknown[],
): Promise<void> {
  const shown = () => stage.readModel.timers({ runId, limit: 20 }).timers;
  for (let looks = 0; looks < 30 && shown().length === 0; looks++)
    await new Promise((resolve) => setTimeout(resolve, 10));
  const later = how === "postpone" ? [{ byMs: 1 }, { byMs: 3_600_000 }, { byMs: one }, { until: two }] : [{}];
  for (const { kind, id } of [...shown(), { kind: "sleep", id: three }])
    for (const postponement of later)
      await stage.ask("mutation", `timers.${how}`, { runId, kind, id, reason: "steered", ...postponement });
}

function asJson(value: unknown): unknown {
  try {
    const text = JSON.stringify(value);
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return "not JSON";
  }
}
