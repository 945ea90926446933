import { nearestName } from "@downbeat/protocol";
import type { Job } from "../job.ts";
import { checkName } from "../name.ts";
import { shownText } from "../thrown/shown-value.ts";
import {
  type AnyHandler,
  type HandledJob,
  type Handler,
  type HandlersByName,
  handle,
  handledJobs,
  type JobContext,
} from "../worker/handler.ts";
import { currentTask, type Work } from "./work.ts";

/** Handlers by the name of their job, or what `handle(job, handler)` gives. */
export type TestJobs = HandlersByName | readonly HandledJob[];

/** A handler that gives no answer, as one whose worker hangs: what ends the attempt is its time limit. Time does not wait for it. */
export function neverAnswers(_input: unknown, { signal }: JobContext): Promise<never> {
  currentTask.getStore()?.pause();
  // So that nothing is left of it once nobody waits for the attempt any more.
  return new Promise((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** Which handler carries out which job at the moment. */
export class JobHandlers {
  readonly #work: Work;
  readonly #handled = new Map<string, HandledJob>();

  constructor(work: Work, jobs: TestJobs) {
    this.#work = work;
    const isEmpty = Array.isArray(jobs) ? jobs.length === 0 : Object.keys(jobs ?? {}).length === 0;
    for (const job of isEmpty ? [] : handledJobs(jobs)) this.#handled.set(job.jobType, job);
  }

  has(jobType: string): boolean {
    return this.#handled.has(jobType);
  }

  /** The name that was perhaps meant. */
  nearest(jobType: string): string | undefined {
    return nearestName(jobType, [...this.#handled.keys()]);
  }

  /** @throws TypeError for what is no job or no handler */
  set(job: { readonly name: string } | string, handler: AnyHandler): string {
    if (typeof handler !== "function")
      throw new TypeError(`env.mock takes a handler, and was given ${shownText(handler, 100)}.`);
    if (typeof job === "string") checkName("job", job);
    const handled =
      typeof job === "string"
        ? { ...this.#handled.get(job), jobType: job, execute: asExecute(handler) }
        : handle(job as Job<unknown, unknown>, handler as Handler<unknown, unknown>);
    this.#handled.set(handled.jobType, handled);
    return handled.jobType;
  }

  /** For a worker: calls whatever handler the job has by then. */
  hosted(jobTypes: readonly string[]): HandledJob[] {
    return jobTypes.map((jobType) => {
      const current = (): HandledJob | undefined => this.#handled.get(jobType);
      return {
        jobType,
        execute: (input, context) => this.#execute(jobType, input, context),
        get inputSchema() {
          return current()?.inputSchema;
        },
        get outputSchema() {
          return current()?.outputSchema;
        },
      } as HandledJob;
    });
  }

  get jobTypes(): string[] {
    return [...this.#handled.keys()];
  }

  async #execute(jobType: string, input: unknown, context: JobContext): Promise<unknown> {
    const handled = this.#handled.get(jobType);
    if (handled === undefined) throw new Error(`There is no handler of ${jobType}.`);
    const task = this.#work.begin(`The handler of ${jobType} (${context.runId}, attempt ${context.attempt})`);
    try {
      return await currentTask.run(task, () => handled.execute(input, context));
    } finally {
      task.end();
    }
  }
}

function asExecute(handler: AnyHandler): HandledJob["execute"] {
  return (input, context) => handler(input as never, context);
}
