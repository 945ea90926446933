import {
  type AnyRunCommand,
  type EngineRule,
  evidenceProblem,
  type GuardedCommand,
  type Outcome,
} from "@downbeat/domain";
import { bulkWorkflow, type Seals } from "@downbeat/protocol";

/** What nobody may do alone, and by which it is known that a server says somebody approved it. */
export interface SecondPerson {
  readonly rule: EngineRule;
  /** Absent where no keys are configured: then what is said is believed. */
  readonly seals?: Seals | undefined;
}

/** What would be done is refused where another person had to agree and didn't. What is recognised or refused anyway stays so. */
export function approved(
  outcome: Outcome,
  command: AnyRunCommand,
  secondPerson: SecondPerson | undefined,
  at: number,
): Outcome {
  if (outcome.type !== "accepted" || secondPerson === undefined) return outcome;
  const { rule, seals } = secondPerson;
  const isSealed =
    seals &&
    (({ approval: { seal, ...evidence } = { until: 0 }, ...given }: GuardedCommand) =>
      seals.isSealed("command", { ...given, approval: evidence }, seal));
  const problem = evidenceProblem(command, { rule, bulkWorkflow, isSealed }, at);
  return problem === undefined ? outcome : { type: "rejected", code: "Unprocessable", message: problem };
}
