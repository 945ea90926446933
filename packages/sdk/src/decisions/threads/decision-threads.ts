import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { partitionOf } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer, Offer } from "@downbeat/protocol";
import { definedAt } from "../../definitions/definitions.ts";
import type { Logger } from "../../logging/logger.ts";
import { SaidLines } from "../../logging/said-lines.ts";
import type { OnProblem } from "../../problem-listener.ts";
import type { AnyWorkflow } from "../../workflow.ts";
import type { OfferAnswer } from "./answers.ts";
import { Decider } from "./decider.ts";
import { DecisionThread } from "./decision-thread.ts";
import { type HostedWorkflow, hostedWorkflow } from "./hosted-workflow.ts";
import { byName } from "./options.ts";
import type { Limits } from "./step-watch.ts";
import type { CodeSource } from "./thread-messages.ts";

/** A module that exports workflows, by its path or URL, or the workflows themselves. */
export type WorkflowSource = string | URL | readonly AnyWorkflow[];

export interface DecisionThreadsOptions {
  readonly workflows: WorkflowSource;
  /** `none`: code runs in the thread of who asks, without limits. */
  readonly isolation: "thread" | "none";
  readonly threads: number;
  readonly limits: Limits;
  /** In all threads together. */
  readonly maxCachedRuns: number;
  readonly onStray: (key: string, reason: Error) => void;
  readonly onProblem: OnProblem;
  readonly logger: Logger;
}

/** Answers questions with workflow code that runs in threads of its own, a run always in the same one. */
export class DecisionThreads {
  /** What is hosted; rejects with a sentence when the code can't be loaded. */
  readonly ready: Promise<readonly HostedWorkflow[]>;
  readonly #o: DecisionThreadsOptions;
  readonly #threads: readonly DecisionThread[];
  /** What could not be found from a thread. */
  readonly #here = new Set<string>();
  readonly #decider: Decider;
  #isClosed = false;

  constructor(options: DecisionThreadsOptions) {
    this.#o = options;
    const { workflows, isolation, threads, limits, maxCachedRuns, onStray, onProblem } = options;
    // One for all that may run the code of a run, so that none repeats what another has said.
    const said = new SaidLines(options.logger);
    const source = sourceOf(workflows);
    const isThreaded = isolation === "thread" && (source.type === "module" || source.wanted.length > 0);
    this.#threads = Array.from({ length: isThreaded ? threads : 0 }, () => {
      const share = Math.ceil(maxCachedRuns / threads);
      return new DecisionThread({
        source,
        limits,
        maxCachedRuns: share,
        onStray,
        onLine: said.say,
        onProblem,
      });
    });
    const objects = typeof workflows === "string" || workflows instanceof URL ? [] : workflows;
    const named = byName(objects);
    this.#decider = new Decider(named, { maxCached: maxCachedRuns, onStray, onLine: said.sayLater });
    this.ready = this.#load(named);
    this.ready.catch(() => {});
  }

  /** @param key names the run here, where it is not its id */
  async answer(question: AskedQuestion, key = question.runId): Promise<DecisionAnswer> {
    await this.ready;
    const thread = this.#threadOf(question);
    return thread === undefined ? this.#decider.answer(question, key) : thread.answer(question, key);
  }

  async check(question: AskedQuestion, offer: Offer, key = question.runId): Promise<OfferAnswer> {
    await this.ready;
    const thread = this.#threadOf(question);
    return thread === undefined
      ? this.#decider.check(question, offer, key)
      : thread.check(question, offer, key);
  }

  forget(runId: string, key = runId): void {
    this.#decider.forget(key);
    this.#threads[partitionOf(runId, Math.max(1, this.#threads.length))]?.forget(key);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await Promise.all(this.#threads.map((thread) => thread.close()));
  }

  async #load(named: ReadonlyMap<string, AnyWorkflow>): Promise<readonly HostedWorkflow[]> {
    const own = [...named.values()].map(hostedWorkflow);
    const loaded = await Promise.all(this.#threads.map((thread) => thread.ready)).catch((error: unknown) => {
      if (named.size === 0 || this.#isClosed) throw error;
      return error instanceof Error ? error.message : String(error);
    });
    if (typeof loaded === "string") {
      this.#runHere([...named.keys()], loaded);
      return own;
    }
    const missing = loaded.flatMap((ready) => ready.missing);
    const reasons = [...new Set(missing.map(({ reason }) => reason))];
    if (missing.length > 0) this.#runHere([...new Set(missing.map(({ name }) => name))], reasons.join("; "));
    return named.size > 0 ? own : (loaded[0]?.workflows ?? []);
  }

  #runHere(names: readonly string[], reason: string): void {
    for (const name of names) this.#here.add(name);
    const [what, them] =
      names.length === 1
        ? [`The workflow ${names[0]} runs`, "it"]
        : [`The workflows ${names.join(", ")} run`, "they"];
    this.#o.onProblem(
      `${what} in this program's own thread and without limits, since ${them} could not be loaded in a thread apart: ${reason}. Name the module instead, as in workflows: new URL("./workflows.ts", import.meta.url), or say isolation: "none".`,
    );
  }

  #threadOf({ runId, workflow }: AskedQuestion): DecisionThread | undefined {
    if (this.#threads.length === 0 || this.#here.has(workflow)) return undefined;
    return this.#threads[partitionOf(runId, this.#threads.length)];
  }
}

function sourceOf(workflows: WorkflowSource): CodeSource {
  if (typeof workflows === "string" || workflows instanceof URL)
    return { type: "module", url: moduleUrl(workflows) };
  return {
    type: "definitions",
    wanted: workflows.map((workflow) => {
      const { files = [], line = 0 } = definedAt(workflow) ?? {};
      return { name: workflow.name, files, line };
    }),
  };
}

function moduleUrl(module: string | URL): string {
  if (module instanceof URL) return module.href;
  return /^(file|data|node):/.test(module) ? module : pathToFileURL(resolve(module)).href;
}
