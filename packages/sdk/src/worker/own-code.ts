import type { Failure, RunCommand } from "@downbeat/domain";
import type { AskedQuestion, DecisionAnswer } from "@downbeat/protocol";

type Decided = Extract<DecisionAnswer, { type: "decided" }>;

const mostText = 4_000;
const mostNamed = 5;

/**
 * Whether a question is for this worker's build to answer. What does not fit a history that other code had a part in is that code's to answer, where it is
 * still there: nobody has changed code under this run, two builds are there at once. What its schemas don't take may be meant for another build, whoever decided; a signal
 * is passed over when each was asked.
 */
export class OwnCode {
  readonly #build: string | undefined;

  constructor(build: string | undefined) {
    this.#build = build;
  }

  /** Why the question is not for this worker, whatever its code makes of it. */
  problemWith({ build, workflow }: AskedQuestion): string | undefined {
    if (build === undefined || build === this.#build) return undefined;
    return `It is for build ${build} of ${workflow}, and this worker has ${this.#name}.`;
  }

  /** What to say instead of an answer that came of code which the history does not fit; nothing where the answer stands. */
  instead(question: AskedQuestion, { misfit, untaken, passedOver }: Decided): DecisionAnswer | undefined {
    const ofOthers = misfit === undefined ? undefined : this.#ofOthers(question, misfit);
    if (ofOthers !== undefined) return ofOthers;
    if (untaken !== undefined) return this.#declined(untaken);
    if (passedOver === undefined || question.passesOver === true) return undefined;
    return { ...this.#declined(passedOver.failure), signalId: passedOver.signalId };
  }

  #declined(failure: Failure) {
    // Rule 37: its own schemas speak for this build alone.
    const reason = `The code of ${this.#name} does not take what was recorded. ${failure.message}`;
    return { type: "notMine", reason, failure } as const;
  }

  #ofOthers({ events, continues }: AskedQuestion, misfit: string): DecisionAnswer | undefined {
    // Who decided is said by the whole history.
    // Rule 35: it is not this code that changed: another build decided, and may still be there.
    if (continues !== undefined) return { type: "needsHistory" };
    const others = new Set<string>();
    for (const { event } of events)
      if (event.type === "CodeAnswered" && event.build !== this.#build)
        others.add(event.build ?? "without a name");
    if (others.size === 0) return undefined;
    const reason = `The code of ${this.#name} does not fit the history, which ${buildsText([...others])} decided. ${misfit}`;
    return { type: "notMine", reason };
  }

  get #name(): string {
    return this.#build === undefined ? "a build without a name" : `build ${this.#build}`;
  }
}

/**
 * That workers end with it in hand.
 *
 * @param ended what is known where the log does not say so
 */
export function cameBack(
  { runId, upTo, attempt }: AskedQuestion,
  ended: "maybe" | "begins" | undefined,
  { build }: { readonly build?: string | undefined },
): RunCommand {
  return {
    type: "AskAgain",
    commandId: `workerEnded/${runId}/${upTo}/${attempt}`.slice(0, 500),
    runId,
    upTo,
    attempt,
    because: "workerEnded",
    ...(ended !== undefined && { ended }),
    ...(build !== undefined && { build }),
  };
}

/** That somebody else is to be asked, or told the history. */
export function askAgain(
  { runId, upTo, attempt }: AskedQuestion,
  answer: Exclude<DecisionAnswer, Decided>,
  { worker, build }: { readonly worker: string; readonly build?: string | undefined },
): RunCommand {
  const because = answer.type === "needsHistory" ? "history" : "notMine";
  const commandId = `${because}/${runId}/${upTo}/${attempt}/${worker}`.slice(0, 500);
  return {
    type: "AskAgain",
    commandId,
    runId,
    upTo,
    attempt,
    because,
    ...(answer.type === "notMine" && { message: answer.reason.slice(0, mostText) }),
    ...(build !== undefined && { build }),
    ...(answer.type === "notMine" && answer.failure !== undefined && { failure: answer.failure }),
    ...(answer.type === "notMine" && answer.signalId !== undefined && { signalId: answer.signalId }),
  };
}

function buildsText(builds: readonly string[]): string {
  const named = builds.slice(0, mostNamed).join(", ");
  const more = builds.length > mostNamed ? ` and ${builds.length - mostNamed} more` : "";
  return `${builds.length === 1 ? "build" : "builds"} ${named}${more}`;
}
