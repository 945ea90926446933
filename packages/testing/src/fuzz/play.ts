import { NoAnswerError, RunRefusedError } from "@downbeat/sdk/client";
import { perform } from "./calls.ts";
import { control } from "./interpret.ts";
import { odd } from "./odd-values.ts";
import type { Program } from "./program.ts";
import { patienceMs, type Report, type Stage } from "./stage.ts";

export interface PlayOptions {
  /** Different for each batch of a stage. */
  readonly batch: number;
  /** The engine's process is replaced in between. */
  readonly restarts: boolean;
  readonly report: Report;
}

/** How many runs had come to what before they were ended. */
export type Tally = Readonly<Record<string, number>>;

/** Plays programs all at once, with control runs beside them, and ends them all. */
export async function play(stage: Stage, programs: readonly Program[], options: PlayOptions): Promise<Tally> {
  const { batch, restarts, report } = options;
  const controls = new Controls(stage, report);
  controls.start(batch * 10);
  await Promise.all(programs.map((program) => begin(stage, program, report)));
  controls.start(batch * 10 + 1);
  await Promise.all(
    programs.map(async ({ runId, calls }) => {
      for (const call of calls) await perform(stage, runId, call, report);
    }),
  );
  await controls.completed();
  if (restarts) await stage.restartEngine();
  controls.start(batch * 10 + 2);
  await Promise.all(programs.map(({ runId }) => look(stage, runId)));
  const tally = tallyOf(stage, programs);
  await Promise.all(programs.map((program, index) => end(stage, program, index, report)));
  await controls.completed();
  await controls.check();
  return tally;
}

function tallyOf({ readModel }: Stage, programs: readonly Program[]): Tally {
  const tally: Record<string, number> = {};
  for (const { runId } of programs) {
    const shown = readModel.run(runId)?.shown ?? "refused";
    tally[shown] = (tally[shown] ?? 0) + 1;
  }
  return tally;
}

async function begin(stage: Stage, program: Program, report: Report): Promise<void> {
  const { runId, labels } = program;
  const start = (options: object) =>
    Reflect.apply(stage.client.start, stage.client, ["fuzz", program, { runId, ...options }]);
  try {
    try {
      await start(labels === undefined ? {} : { labels: odd(labels) });
    } catch (error) {
      if (error instanceof NoAnswerError) throw error;
      await start({});
    }
  } catch (error) {
    if (error instanceof RunRefusedError) return;
    report({ kind: "no start", what: `${runId}: ${String(error)}` });
  }
}

async function look(stage: Stage, runId: string): Promise<void> {
  await stage.ask("query", "runs.get", { runId });
  await stage.ask("query", "runs.events", { runId, limit: 500 });
  await stage.ask("query", "runs.list", { filter: { text: runId.slice(0, 8) } });
  await stage.ask("query", "attention.list", {});
  await stage.ask("query", "jobs.list", {});
}

/** Whatever it does, a person can end it. */
async function end(stage: Stage, { runId }: Program, index: number, report: Report): Promise<void> {
  const isOver = () => {
    const run = stage.readModel.run(runId);
    return run === undefined || run.status !== "running";
  };
  if (index % 2 === 0) await stage.ask("mutation", "runs.terminate", { runId, reason: "the batch is over" });
  else await terminate(stage, runId, report);
  if (await holds(isOver)) return;
  const run = stage.readModel.run(runId);
  report({ kind: "no end", what: `${runId} is still ${run?.status}: ${run?.why ?? ""}` });
}

async function terminate(stage: Stage, runId: string, report: Report): Promise<void> {
  try {
    await stage.client.run(runId).terminate("the batch is over");
  } catch (error) {
    if (!(error instanceof RunRefusedError)) report({ kind: "no end", what: `${runId}: ${String(error)}` });
  }
}

/** Runs that must complete once, with what they were given. */
class Controls {
  readonly #stage: Stage;
  readonly #report: Report;
  readonly #started: { readonly runId: string; readonly n: number; readonly result: Promise<unknown> }[] = [];

  constructor(stage: Stage, report: Report) {
    this.#stage = stage;
    this.#report = report;
  }

  /** One in each partition. */
  start(number: number): void {
    for (const [index, runId] of this.#stage.onePerPartition(`control-${number}`).entries()) {
      const n = number * 10 + index;
      const result = this.#stage.client
        .start(control, { n }, { runId })
        .then((handle) => handle.result({ timeout: patienceMs }))
        .catch((error: unknown) => error);
      this.#started.push({ runId, n, result });
    }
  }

  async completed(): Promise<void> {
    for (const { runId, n, result } of this.#started) {
      const output = await result;
      const isRight = typeof output === "object" && output !== null && "n" in output && output.n === n;
      if (!isRight) this.#report({ kind: "control", what: `${runId} gave ${String(output)}` });
    }
  }

  /** As the read model shows them. */
  async check(): Promise<void> {
    for (const { runId, n } of this.#started) {
      if (!(await holds(() => this.#stage.readModel.run(runId)?.status === "completed"))) {
        this.#report({ kind: "control", what: `${runId} is not shown as completed` });
        continue;
      }
      const events = this.#stage.readModel.events(runId, { afterSeq: 0, limit: 100 })?.events ?? [];
      const types = events.map(({ event }) => event.type).filter((type) => !isAside.test(type));
      if (types.join() !== expected)
        this.#report({ kind: "control", what: `${runId} went ${types.join(", ")}` });
      const times = this.#stage.carriedOut.get(n);
      if (times !== 1)
        this.#report({ kind: "control", what: `The job of ${runId} was carried out ${times ?? 0} times` });
    }
  }
}

/** Who took it up, and how often code was asked, is no concern of a run's. */
const isAside = /^(AttemptStarted|Code.*)$/;

const expected = [
  ...["RunStarted", "JobScheduled", "AttemptRequested", "JobCompleted"],
  ...["TimerSet", "TimerFired", "RunCompleted"],
].join();

async function holds(condition: () => boolean): Promise<boolean> {
  const until = performance.now() + patienceMs;
  while (!condition()) {
    if (performance.now() > until) return false;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  return true;
}
