import { type Failure, type OpenRun, type RunDecision, stepProblem } from "@downbeat/domain";
import { reasonOf } from "@downbeat/protocol";

export const deadlyCommand =
  "The engine did not survive deciding this command: it took more time or memory than there is. Nothing was done for it.";

export const deadlyCode: Failure = {
  kind: "code",
  name: "EngineEnded",
  message:
    "The engine did not survive running this code, which may never end or take more memory than there is.",
};

/** With what becomes of it. */
export function deadly(failure: Failure, { closing }: OpenRun): Failure {
  const next = closing?.outcome === "cancelled" ? "" : " It is run again when somebody resumes the run.";
  return { ...failure, message: failure.message + next };
}

export function sizeProblem(decisions: readonly RunDecision[]): Failure | undefined {
  try {
    return stepProblem(decisions);
  } catch (error) {
    return unwritable(reasonOf(error));
  }
}

export function unwritable(flaw: string): Failure {
  return { kind: "code", name: "Unrecordable", message: `What the code asked for can't be kept: ${flaw}.` };
}

export function tooLarge(size: string): Failure {
  return {
    kind: "code",
    name: "DecisionTooLarge",
    message: `One step of the code came to too much: ${size}.`,
  };
}
