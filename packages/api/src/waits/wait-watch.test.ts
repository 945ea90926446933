import { expect, test } from "vitest";
import { bulkWorkflow } from "../bulk/built-in.ts";
import type { RunSummary, RunView, WorkerView } from "../views.ts";
import { WaitWatch } from "./wait-watch.ts";

const begin = 1_000_000;

function worker(jobs: readonly string[], workflows: readonly string[] = []): WorkerView {
  return {
    id: "w",
    name: "w",
    host: "h",
    build: "",
    sdk: "0.1.0",
    startedAt: 0,
    heardAt: 0,
    jobs: jobs.map((type) => ({ type, concurrency: 1 })),
    workflows,
  };
}

/** What open runs wait for, who is there, and the time; all may change. */
function world() {
  const state = {
    now: begin,
    jobs: new Map<string, number>(),
    answers: new Map<string, number>(),
    connected: new Map<string, number>(),
    workers: [] as readonly WorkerView[] | undefined,
    asked: 0,
    answersNever: false,
    held: [] as RunSummary[],
  };
  const waits = new WaitWatch({
    readModel: {
      openWork: () => {
        state.asked++;
        const jobs = [...state.jobs].map(([name, waitingSince]) => {
          return [name, { waiting: 3, waitingSince, running: 0, backingOff: 0, stuck: 0 }] as const;
        });
        const answers = [...state.answers].map(([name, oldest]) => [name, { runs: 2, oldest }] as const);
        return { jobs: new Map(jobs), answers: new Map(answers) };
      },
      openRunsLabelled: ({ workflow, key, value }) =>
        workflow === bulkWorkflow && key === "state" && value === "held" ? state.held : [],
      run: (runId) => {
        const run = state.held.find((one) => one.runId === runId);
        const order = {
          verb: "retryJob",
          selection: { type: "stuckJobs" },
          reason: "It is back.",
          about: "bookRoom",
        };
        const input = JSON.stringify({ order, asOf: begin });
        return run && ({ ...run, input } as RunView);
      },
      waitingRuns: (causes) => 2 * causes.length,
    },
    jobTopics: {
      figures: async (jobType) =>
        state.workers === undefined ? undefined : { backlog: 0, workers: state.connected.get(jobType) ?? 0 },
    },
    announcements: {
      everybody: () => {
        if (state.answersNever) return new Promise(() => {});
        return state.workers === undefined
          ? Promise.reject(new Error("The log is away."))
          : Promise.resolve(state.workers);
      },
    },
    now: () => state.now,
  });
  return { state, waits };
}

test("a job type that nobody has ever served is a cause as soon as a worker that is started again would be back", async () => {
  const { state, waits } = world();
  state.jobs.set("bookHotel", begin);
  expect(await waits.causes()).toEqual([]);
  state.now += 10_001;
  expect(await waits.causes()).toEqual([{ kind: "noWorker", on: "job", name: "bookHotel" }]);
  expect(waits.runs).toBe(2);
});

test("a worker counts that has announced itself, or is connected without a word", async () => {
  const { state, waits } = world();
  state.jobs.set("bookHotel", begin - 60_000);
  state.workers = [worker(["bookHotel"])];
  expect(await waits.causes()).toEqual([]);
  state.workers = [];
  state.connected.set("bookHotel", 1);
  state.now += 5_000;
  expect(await waits.causes()).toEqual([]);
});

test("where workers are there, waits are a cause when they are longer than ten minutes", async () => {
  const { state, waits } = world();
  state.jobs.set("bookHotel", begin - 600_001);
  state.answers.set("bookTrip", begin - 600_001);
  state.workers = [worker(["bookHotel"], ["bookTrip"])];
  expect(await waits.causes()).toEqual([
    { kind: "backlog", on: "job", name: "bookHotel", longerThanMs: 600_000 },
    { kind: "backlog", on: "code", name: "bookTrip", longerThanMs: 600_000 },
  ]);
});

test("a workflow waits for a worker that hosts it", async () => {
  const { state, waits } = world();
  state.answers.set("bookTrip", begin - 20_000);
  state.workers = [worker(["bookHotel"], ["orders"])];
  expect(await waits.causes()).toEqual([{ kind: "noHost", on: "code", name: "bookTrip" }]);
});

test("while the log does not say who is there, nobody is said to be missing", async () => {
  const { state, waits } = world();
  state.jobs.set("bookHotel", begin - 60_000);
  state.answers.set("bookTrip", begin - 60_000);
  state.workers = undefined;
  expect(await waits.causes()).toEqual([]);
  expect(await waits.isServed("bookHotel")).toBeUndefined();
});

test("a log that takes long to say who is there holds up no answer", async () => {
  const { state, waits } = world();
  state.jobs.set("bookHotel", begin - 60_000);
  expect(await waits.causes()).toHaveLength(1);
  state.now += 5_000;
  state.answersNever = true;
  expect(await waits.causes()).toHaveLength(1);
});

test("however many ask, it is looked at once in two seconds", async () => {
  const { state, waits } = world();
  await Promise.all([waits.causes(), waits.causes(), waits.causes()]);
  await waits.causes();
  expect(waits.runs).toBe(0);
  expect(state.asked).toBe(1);
  state.now += 2_000;
  await waits.causes();
  expect(state.asked).toBe(2);
});

test("a bulk action that holds by itself is a cause, whoever is there", async () => {
  const { state, waits } = world();
  const held = { runId: "bulk-1", labels: { state: "held", why: "5 of 5 outcomes are failures." } };
  state.held = [held as unknown as RunSummary];
  state.workers = undefined;
  expect(await waits.causes()).toEqual([
    {
      kind: "held",
      on: "run",
      name: "bulk-1",
      workflow: bulkWorkflow,
      says: "The bulk action on “bookRoom” is held: 5 of 5 outcomes are failures.",
    },
  ]);
});
