import type { AnyWorkflow } from "@downbeat/sdk";
import { HistoryDivergedError, replay } from "@downbeat/sdk/testing";
import { z } from "zod";
import { TrialInThread } from "./trial-in-thread.ts";

export interface Divergence {
  readonly runId: string;
  readonly workflow: string;
  /** The first event that does not fit. */
  readonly seq: number;
  readonly history: string;
  readonly code: string;
}

export interface Findings {
  readonly checked: number;
  readonly diverging: readonly Divergence[];
  /** Runs whose code got stuck before, and would with this code too: no doing of it. */
  readonly stuckAlready: number;
  readonly unreadable: readonly { readonly name: string; readonly problem: string }[];
  /** How many runs there are of workflows that the module doesn't have. */
  readonly skipped: Readonly<Record<string, number>>;
  /** How many runs stay with a build that began them, by its name: this code is not asked of them. */
  readonly pinned: Readonly<Record<string, number>>;
}

const step = z.object({
  at: z.number().optional(),
  event: z.looseObject({
    type: z.string(),
    workflow: z.string().optional(),
    build: z.string().optional(),
    versioning: z.string().optional(),
  }),
});
const history = z.union([
  z.array(step),
  z.object({ events: z.array(step) }).transform(({ events }) => events),
]);

/**
 * Replays one history after another, and keeps what was found. Each is tried in a thread first, as in a worker: code that never ends, takes all memory or ends its
 * process is said of its run, and the others are checked all the same.
 */
export class Check {
  readonly #workflows: ReadonlyMap<string, AnyWorkflow>;
  #checked = 0;
  #stuckAlready = 0;
  readonly #diverging: Divergence[] = [];
  readonly #unreadable: { name: string; problem: string }[] = [];
  readonly #skipped = new Map<string, number>();
  readonly #pinned = new Map<string, number>();
  readonly #trial: TrialInThread;

  /** @param onProblem hears why code could not be tried in a thread */
  constructor(workflows: ReadonlyMap<string, AnyWorkflow>, onProblem: (problem: string) => void) {
    this.#workflows = workflows;
    this.#trial = new TrialInThread([...workflows.values()], onProblem);
  }

  close(): Promise<void> {
    return this.#trial.close();
  }

  get findings(): Findings {
    return {
      checked: this.#checked,
      diverging: this.#diverging,
      stuckAlready: this.#stuckAlready,
      unreadable: this.#unreadable,
      skipped: Object.fromEntries(this.#skipped),
      pinned: Object.fromEntries(this.#pinned),
    };
  }

  knows(workflow: string): boolean {
    return this.#workflows.has(workflow);
  }

  skip(workflow: string): void {
    this.#skipped.set(workflow, (this.#skipped.get(workflow) ?? 0) + 1);
  }

  /** @param exported as `replay` takes it */
  async add(runId: string, exported: unknown): Promise<void> {
    try {
      const events = history.parse(typeof exported === "string" ? JSON.parse(exported) : exported);
      const [first] = events;
      if (first === undefined) return void this.#unreadable.push({ name: runId, problem: "it is empty" });
      const name = first.event.workflow ?? "";
      const workflow = this.#workflows.get(name);
      if (workflow === undefined) return this.skip(name);
      const build = pinnedTo(events);
      if (build !== undefined) return void this.#pinned.set(build, (this.#pinned.get(build) ?? 0) + 1);
      const wasStuck = isStuck(events.map(({ event }) => event.type));
      const problem = await this.#trial.problemWith(runId, name, events);
      if (problem === undefined) return await this.#replay(runId, exported, workflow, wasStuck);
      if (!wasStuck) return void this.#unreadable.push({ name: runId, problem });
      this.#stuckAlready++;
      this.#checked++;
    } catch (error) {
      const problem =
        error instanceof z.ZodError || error instanceof SyntaxError ? "it is no history" : String(error);
      this.#unreadable.push({ name: runId, problem });
    }
  }

  async #replay(runId: string, exported: unknown, workflow: AnyWorkflow, wasStuck: boolean): Promise<void> {
    try {
      await replay(exported, workflow, { runId });
    } catch (error) {
      if (!(error instanceof HistoryDivergedError)) throw error;
      const { seq, history, code } = error;
      if (wasStuck) this.#stuckAlready++;
      else this.#diverging.push({ runId, workflow: workflow.name, seq, history, code });
    }
    this.#checked++;
  }
}

/** The build that the run stays with, whatever is deployed beside it. */
function pinnedTo(events: readonly z.infer<typeof step>[]): string | undefined {
  const answers = events.filter(({ event }) => event.type === "CodeAnswered");
  if (!answers.some(({ event }) => event.versioning === "pinned")) return undefined;
  return answers.findLast(({ event }) => event.build !== undefined)?.event.build;
}

function isStuck(types: readonly string[]): boolean {
  return types.lastIndexOf("RunStuck") > types.lastIndexOf("RunResumed");
}
