import type { AnyRunCommand, Outcome } from "@downbeat/domain";
import { type DecisionSession, reasonOf } from "@downbeat/protocol";
import type { Care } from "./care.ts";
import type { Delegation } from "./delegation.ts";
import { handedOver } from "./handed-over.ts";
import { offered } from "./offered.ts";
import type { RunEntry } from "./run-entry.ts";

type StartRun = Extract<AnyRunCommand, { type: "StartRun" }>;
type Rejected = Extract<Outcome, { type: "rejected" }>;

/** What is checked of commands before they count, whoever has the code: the engine's process, or workers. */
export class Door {
  readonly #session: DecisionSession;
  readonly #delegation: Delegation;

  constructor(session: DecisionSession, delegation: Delegation) {
    this.#session = session;
    this.#delegation = delegation;
  }

  /** The refusal of a start of what nobody hosts, or with what nobody takes. */
  async unstartable({ workflow, input }: StartRun): Promise<Rejected | undefined> {
    const unknown = await this.#delegation.problemWith(workflow);
    if (unknown !== undefined) return { type: "rejected", code: "UnknownWorkflow", message: unknown };
    return invalid(await this.#delegation.misfit({ type: "start", workflow, value: input }));
  }

  /** The refusal of what the code could not take: once in history it could not be taken back, and the run not be mended. */
  async misfit(
    { state, history }: RunEntry,
    command: AnyRunCommand,
    care: Care,
  ): Promise<Rejected | undefined> {
    const offer = offered(command);
    if (offer === undefined || (state.status === "running" && state.codeGivenUp !== undefined))
      return undefined;
    if (state.status === "running" && state.delegated !== undefined) {
      const handed = handedOver(state, command);
      // What the run's own build takes is not known while none of its workers is there.
      const isOfAbsent = handed?.type === "signal" && !this.#isThere(state.workflow, state.delegated.build);
      return handed === undefined || isOfAbsent ? undefined : invalid(await this.#delegation.misfit(handed));
    }
    const question = { runId: state.runId, workflow: state.workflow, history };
    care.inCode(true);
    const message = await this.#session
      .check(question, offer)
      .catch((error: unknown) => `The decision service failed on it: ${reasonOf(error)}`);
    care.inCode(false);
    return invalid(message);
  }

  #isThere(workflow: string, build: string | undefined): boolean {
    return build === undefined || this.#delegation.buildsOf(workflow)?.includes(build) === true;
  }
}

function invalid(message: string | undefined): Rejected | undefined {
  return message === undefined ? undefined : { type: "rejected", code: "InvalidInput", message };
}
