import {
  type AnyRunCommand,
  advance,
  decide,
  type Effect,
  type Failure,
  type OpenRun,
  type Outcome,
  type RunDecision,
  type RunEvent,
  type RunState,
  wakesCode,
} from "@downbeat/domain";
import type { Decision, DecisionService, DecisionSession, Offer, Question } from "@downbeat/protocol";
import type { Fold } from "./fold.ts";
import { applyDecision } from "./fold.ts";
import type { RunEntry } from "./run-entry.ts";
import type { Verdict } from "./trials.ts";

/** One command's outcome, ready to be put into a record. */
export interface Decided {
  readonly decision: Decision;
  readonly json: string;
  /** Length of `json` in UTF-8 bytes. */
  readonly bytes: number;
  /** The run after it; absent when the run does not exist. */
  readonly entry?: RunEntry;
  readonly effects: readonly Effect[];
}

/** How to treat commands that ended processes before. */
export interface Care {
  verdictOn(commandId: string): Verdict | undefined;
  /** The workflow code is asked, or has answered. */
  inCode(is: boolean): void;
}

/** More than this in one decision and it would not fit into a message of the log, base64 and escapes included. */
const maxDecisionBytes = 600_000;
const maxAsksPerCommand = 1_000;

/**
 * Decides commands of one partition on the newest speculative state: what is accepted plus what this owner has appended and not
 * read back yet. Commands of one run are decided in their order, different runs side by side, so that the decision service can answer many at once.
 */
export class Decider {
  readonly #fold: Fold;
  readonly #service: DecisionService;
  readonly #session: DecisionSession;
  readonly #speculative = new Map<string, RunEntry>();

  constructor(fold: Fold, service: DecisionService) {
    this.#fold = fold;
    this.#service = service;
    this.#session = service.openSession();
  }

  entry(runId: string): RunEntry | undefined {
    return this.#speculative.get(runId) ?? this.#fold.entry(runId);
  }

  /** The run's newest entry is accepted now, if nothing was decided on top of it. */
  settle(runId: string, accepted: RunEntry): void {
    if (this.#speculative.get(runId) !== accepted) return;
    this.#speculative.delete(runId);
    if (accepted.state.status !== "running") this.#session.forget(runId);
  }

  /**
   * One outcome a command that is to be recorded; `undefined` where there is nothing to record. In the order of the commands.
   *
   * @param care what is known of commands that ended processes; told when the code is asked
   */
  async decideAll(
    commands: readonly AnyRunCommand[],
    at: number,
    care: Care,
  ): Promise<(Decided | undefined)[]> {
    const results: (Decided | undefined)[] = new Array(commands.length);
    const byRun = new Map<string, number[]>();
    commands.forEach((command, index) => {
      const indexes = byRun.get(command.runId);
      if (indexes === undefined) byRun.set(command.runId, [index]);
      else indexes.push(index);
    });
    const decideRun = async (indexes: readonly number[]) => {
      for (const index of indexes)
        results[index] = await this.#decideOne(commands[index] as AnyRunCommand, at, care);
    };
    const pending: Promise<void>[] = [];
    for (const indexes of byRun.values()) pending.push(decideRun(indexes));
    await Promise.all(pending);
    return results;
  }

  close(): void {
    this.#session.close();
  }

  async #decideOne(command: AnyRunCommand, at: number, care: Care): Promise<Decided | undefined> {
    const before = this.entry(command.runId);
    const verdict = care.verdictOn(command.commandId);
    if (verdict === "setAside") return this.#setAside(before, command, at);
    const instead = verdict === undefined ? undefined : deadlyCode;
    const decided = this.#outcome(before?.state, command, at, care);
    const outcome =
      decided.type === "accepted" && before !== undefined && instead === undefined
        ? ((await this.#misfit(before, command, care)) ?? decided)
        : decided;
    if (outcome.type === "ignored") return undefined;
    const first = outcome.type === "accepted" ? outcome.events : [refusal(command, outcome)];
    if (before === undefined && first[0]?.type !== "RunStarted") return this.#unknownRun(command, first);

    const base = {
      runId: command.runId,
      inputId: command.commandId,
      workflow: workflowOf(before?.state, command),
    };
    const seq = (before?.state.seq ?? 0) + 1;
    const effects: Effect[] = [];
    const events: RunEvent[] = [...first];
    let entry = applyDecision(before, { ...base, seq, events: first }, at, effects);
    let news: readonly RunEvent[] = first;
    for (let asks = 0; entry.state.status === "running" && this.#mustAsk(entry.state, news); asks++) {
      const failure = instead ?? (asks < maxAsksPerCommand ? undefined : endless);
      const { history, state } = entry;
      const decisions =
        failure === undefined
          ? await this.#ask({ runId: base.runId, workflow: state.workflow, history }, care)
          : [{ type: "GetStuck", failure } as const];
      news = advance(entry.state, decisions, { runId: base.runId, at, inputId: base.inputId }).events;
      entry = applyDecision(entry, { ...base, seq: entry.state.seq + 1, events: news }, at, effects);
      events.push(...news);
    }
    return this.#fit(command, before, { ...base, seq, events }, entry, effects, first, at);
  }

  #outcome(state: RunState | undefined, command: AnyRunCommand, at: number, care: Care): Outcome {
    try {
      if (
        command.type === "StartRun" &&
        state === undefined &&
        care.verdictOn(command.commandId) === undefined
      ) {
        care.inCode(true);
        const refused = this.#service.checkStart(command.workflow, command.input);
        care.inCode(false);
        if (refused !== undefined) return { type: "rejected", ...refused };
      }
      return decide(state, command, at);
    } catch (error) {
      // A command that makes the core throw is a bug of ours; it must not take the partition with it.
      return {
        type: "rejected",
        code: "Unprocessable",
        message: `The engine failed on it: ${(error as Error).message}`,
      };
    }
  }

  /** The refusal of what the code could not take: once in history it could not be taken back, and the run not be mended. */
  async #misfit(
    { state, history }: RunEntry,
    command: AnyRunCommand,
    care: Care,
  ): Promise<Extract<Outcome, { type: "rejected" }> | undefined> {
    const offer = offered(command);
    if (offer === undefined) return undefined;
    const question = { runId: state.runId, workflow: state.workflow, history };
    care.inCode(true);
    const message = await this.#session.check(question, offer);
    care.inCode(false);
    return message === undefined ? undefined : { type: "rejected", code: "InvalidInput", message };
  }

  async #ask(question: Question, care: Care): Promise<readonly RunDecision[]> {
    care.inCode(true);
    const decisions = await this.#session.ask(question);
    care.inCode(false);
    return decisions;
  }

  /** Does nothing for the command but to say so: whatever it asks for ended the processes that did it. */
  #setAside(before: RunEntry | undefined, command: AnyRunCommand, at: number): Decided | undefined {
    const refused = refusal(command, { type: "rejected", code: "Unprocessable", message: deadlyCommand });
    if (before === undefined) return this.#unknownRun(command, [refused]);
    const { state } = before;
    const goesOn = state.status === "running" && state.stuck === undefined;
    // Time asks again for what it asked for, and was answered.
    if (!goesOn && command.commandId.startsWith("deadline/")) return undefined;
    const failure = { kind: "code", name: "EngineEnded", message: deadlyCommand } as const;
    const events: RunEvent[] = goesOn ? [refused, { type: "RunStuck", failure }] : [refused];
    const { runId, workflow } = state;
    const decision = { runId, inputId: command.commandId, workflow, seq: state.seq + 1, events };
    this.#session.forget(runId);
    const entry = applyDecision(before, decision, at, []);
    this.#speculative.set(runId, entry);
    const json = JSON.stringify(decision);
    return { decision, json, bytes: Buffer.byteLength(json), entry, effects: [] };
  }

  #mustAsk(run: OpenRun, news: readonly RunEvent[]): boolean {
    // Code that is stuck is asked again only when a person says so, or to be cancelled; both clear `stuck`.
    return run.stuck === undefined && news.some(wakesCode);
  }

  #unknownRun(command: AnyRunCommand, events: readonly RunEvent[]): Decided {
    const workflow = command.type === "StartRun" ? command.workflow : "";
    const decision: Decision = { runId: command.runId, workflow, inputId: command.commandId, seq: 0, events };
    const json = JSON.stringify(decision);
    return { decision, json, bytes: Buffer.byteLength(json), effects: [] };
  }

  #fit(
    command: AnyRunCommand,
    before: RunEntry | undefined,
    decision: Decision,
    entry: RunEntry,
    effects: readonly Effect[],
    first: readonly RunEvent[],
    at: number,
  ): Decided {
    const json = JSON.stringify(decision);
    const bytes = Buffer.byteLength(json);
    if (bytes <= maxDecisionBytes || decision.events.length === first.length) {
      this.#speculative.set(command.runId, entry);
      return { decision, json, bytes, entry, effects };
    }
    // Too much for one message of the log: the input counts, what the code wanted because of it does not.
    this.#session.forget(command.runId);
    const history = (before?.history ?? []).slice(0, decision.seq - 1);
    const failure: Failure = {
      kind: "code",
      name: "DecisionTooLarge",
      message: `One step of the code came to ${bytes} bytes; the limit is ${maxDecisionBytes}.`,
    };
    const smaller: Decision = { ...decision, events: [...first, { type: "RunStuck", failure }] };
    const lessEffects: Effect[] = [];
    const stuck = applyDecision(
      before === undefined ? undefined : { ...before, history },
      smaller,
      at,
      lessEffects,
    );
    this.#speculative.set(command.runId, stuck);
    const text = JSON.stringify(smaller);
    return {
      decision: smaller,
      json: text,
      bytes: Buffer.byteLength(text),
      entry: stuck,
      effects: lessEffects,
    };
  }
}

const deadlyCommand =
  "The engine did not survive deciding this command: it took more time or memory than there is. Nothing was done for it.";

const deadlyCode: Failure = {
  kind: "code",
  name: "EngineEnded",
  message:
    "The engine did not survive running this code, which may never end or take more memory than there is. It is run again when somebody resumes the run.",
};

const endless: Failure = {
  kind: "code",
  name: "EndlessStep",
  message: `The code went on for ${maxAsksPerCommand} steps on one input without waiting for anything.`,
};

function workflowOf(state: RunState | undefined, command: AnyRunCommand): string {
  if (state !== undefined) return state.workflow;
  return command.type === "StartRun" ? command.workflow : "";
}

function offered(command: AnyRunCommand): Offer | undefined {
  switch (command.type) {
    case "CompleteJob":
      return { type: "jobOutput", jobId: command.jobId, output: command.output };
    case "RetryJob":
      return command.input === undefined
        ? undefined
        : { type: "jobInput", jobId: command.jobId, input: command.input };
    case "SendSignal":
      return { type: "signal", name: command.name, payload: command.payload };
    default:
      return undefined;
  }
}

/** Who asked, of what carries no action. */
function actorOf(command: AnyRunCommand): { readonly actor?: string } {
  if (command.type === "StartRun" && command.startedBy !== undefined) return { actor: command.startedBy };
  if (command.type === "SendSignal" && command.actor !== undefined) return { actor: command.actor };
  return {};
}

function refusal(
  command: AnyRunCommand,
  { code, message }: Extract<Outcome, { type: "rejected" }>,
): RunEvent {
  return {
    type: "CommandRefused",
    command: command.type,
    code,
    message,
    ...("jobId" in command && { jobId: command.jobId }),
    ...("attempt" in command && { attempt: command.attempt }),
    ...("action" in command && { action: command.action }),
    ...actorOf(command),
  };
}
