import type { Failure } from "@downbeat/domain";
import type { Logger } from "../logging/logger.ts";
import type { OnProblem } from "../problem-listener.ts";
import { thrownText } from "../thrown/read-thrown.ts";

export interface StuckRun {
  readonly runId: string;
  readonly workflow: string;
  readonly failure: Failure;
}

export interface UntakenOfRun extends StuckRun {
  /** What is not taken is that signal. */
  readonly signalId?: string;
}

const mostKnown = 10_000;

/** What a worker says of runs that its workflow code has not brought on. Where nobody listens, it is logged with the run's id. */
export class RunProblems {
  readonly #onProblem: OnProblem | undefined;
  readonly #logger: Logger;
  /** Code that is replayed leaves the same behind again. */
  readonly #strays = new Set<string>();

  /** @param onProblem as it is called here: never throwing */
  constructor(onProblem: OnProblem | undefined, logger: Logger) {
    this.#onProblem = onProblem;
    this.#logger = logger;
  }

  /** The code can't say what comes next. */
  stuck({ runId, workflow, failure }: StuckRun): void {
    const words = `${workflow} ${runId} is stuck. ${failure.name}: ${failure.message}`;
    const err = errorOf(failure);
    if (this.#onProblem === undefined) this.#logger.error({ runId, workflow, err }, words);
    else this.#onProblem(words, err);
  }

  /** Another build's code may take it: what becomes of it is not for this worker to say. */
  untaken({ runId, workflow, failure, signalId }: UntakenOfRun): void {
    const otherwise =
      signalId === undefined
        ? "and where none is there the run is stuck"
        : "and where none takes it the signal is passed over";
    const words = `This build does not take what ${workflow} ${runId} was given: another one is asked, ${otherwise}. ${failure.name}: ${failure.message}`;
    const err = errorOf(failure);
    if (this.#onProblem === undefined) this.#logger.warn({ runId, workflow, err }, words);
    else this.#onProblem(words, err);
  }

  /** A promise was rejected, and nothing in the code had looked at it. */
  readonly stray = (runId: string, err: Error): void => {
    const words = `A promise that the code of run ${runId} left behind was rejected: ${thrownText(err)}`;
    if (this.#strays.has(words)) return;
    this.#strays.add(words);
    if (this.#strays.size > mostKnown) this.#strays.clear();
    if (this.#onProblem === undefined) this.#logger.warn({ runId, err }, words);
    else this.#onProblem(words, err);
  };
}

function errorOf({ name, message, stack }: Failure): Error {
  const error = new Error(message);
  error.name = name;
  // Its own would lead here.
  error.stack = stack ?? `${name}: ${message}`;
  return error;
}
