import type { ActionTarget, PersonVerb } from "./target.ts";

export interface ActionRequest {
  readonly verb: PersonVerb;
  readonly target: ActionTarget;
  /** The job's present input, which a retry may change. */
  readonly input?: string | undefined;
  /** Names that the run waits for. */
  readonly signalNames?: readonly string[];
}
