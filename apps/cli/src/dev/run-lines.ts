import { styleText } from "node:util";
import { type Failure, failureWords, type RunEvent } from "@downbeat/domain";
import { plain } from "../output/print.ts";

interface Told {
  readonly runId: string;
  readonly workflow: string;
  readonly event: RunEvent;
}

const mostStackLines = 8;

/** What an author wants to see of their runs while they write: one line each, and for what failed its error and where it was thrown. */
export class RunLines {
  readonly #pageOf: (runId: string) => string;
  /** By run, then by job id. */
  readonly #jobTypes = new Map<string, Map<string, string>>();

  constructor(pageOf: (runId: string) => string) {
    this.#pageOf = pageOf;
  }

  /** `undefined` for what is no news. */
  of({ runId, workflow, event }: Told): string | undefined {
    const name = plain(`${workflow} ${runId}`);
    switch (event.type) {
      case "RunStarted":
        return `${styleText("cyan", "started")}    ${name}  ${styleText("dim", this.#pageOf(runId))}`;
      case "JobScheduled": {
        const jobs = this.#jobTypes.get(runId) ?? new Map<string, string>();
        this.#jobTypes.set(runId, jobs.set(event.jobId, event.jobType));
        return undefined;
      }
      case "AttemptFailed": {
        const next = event.retryAt === undefined ? "no attempt is left" : "it is tried again";
        const what = `${this.#job(runId, event.jobId)}, attempt ${event.attempt}, ${next}`;
        return `${styleText("yellow", "failed")}     ${name}: ${what}: ${errorOf(event.failure)}`;
      }
      case "JobRejected":
        return `${styleText("yellow", "rejected")}   ${name}: ${this.#job(runId, event.jobId)}: ${errorOf(event.failure)}`;
      case "JobStuck":
        return this.#stuck(name, runId, `${this.#job(runId, event.jobId)}: ${errorOf(event.failure)}`);
      case "RunStuck":
        return this.#stuck(name, runId, errorOf(event.failure));
      case "RunCompleted":
        return this.#over(runId, `${styleText("green", "completed")}  ${name}`);
      case "RunFailed":
        return this.#over(runId, `${styleText("red", "failed")}     ${name}: ${errorOf(event.failure)}`);
      case "RunCancelled":
        return this.#over(runId, `${styleText("yellow", "cancelled")}  ${name}`);
      case "RunTerminated":
        return this.#over(runId, `${styleText("yellow", "terminated")} ${name}`);
      default:
        return undefined;
    }
  }

  #job(runId: string, jobId: string): string {
    return plain(this.#jobTypes.get(runId)?.get(jobId) ?? jobId);
  }

  #stuck(name: string, runId: string, why: string): string {
    return `${styleText("red", "stuck")}      ${name}: ${why}\n           ${styleText("dim", this.#pageOf(runId))}`;
  }

  #over(runId: string, line: string): string {
    this.#jobTypes.delete(runId);
    return line;
  }
}

function errorOf(failure: Failure): string {
  const [, ...stack] = (failure.stack ?? "").split("\n");
  const places = stack
    // Without a place, as in "at new Promise (<anonymous>)", a line leads nowhere.
    .filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line) && !/node:internal|\/node_modules\//.test(line))
    .slice(0, mostStackLines)
    .map((line) => `\n           ${styleText("dim", plain(line.trim()))}`);
  return `${plain(failureWords(failure))}${places.join("")}`;
}
