import {
  type AnyRunCommand,
  carryOut,
  decide,
  type Failure,
  finished,
  type OpenRun,
  type Outcome,
  openProblem,
  type RunDecision,
  type RunEvent,
  type RunState,
  undecided,
  undoWithoutCode,
  wakesCode,
} from "@downbeat/domain";
import { type DecisionService, type DecisionSession, type Question, reasonOf } from "@downbeat/protocol";
import { answeredAttempts } from "./answered-attempts.ts";
import type { Care } from "./care.ts";
import type { Delegation } from "./delegation.ts";
import { Door } from "./door.ts";
import { type Decided, Draft, oneAfterOther, outsideHistory } from "./draft.ts";
import { deadly, deadlyCode, deadlyCommand, sizeProblem, tooLarge, unwritable } from "./failures-of-code.ts";
import type { Fold } from "./fold.ts";
import { ReadySignals } from "./ready-signals.ts";
import { refusal, shortRefusal } from "./refusal.ts";
import type { RunEntry } from "./run-entry.ts";
import { approved, type SecondPerson } from "./second-person.ts";
import type { Slices } from "./slices.ts";

export interface DeciderParts {
  readonly fold: Fold;
  readonly decisions: DecisionService;
  readonly delegation: Delegation;
  readonly slices: Slices;
  readonly maxPartBytes: number;
  readonly secondPerson?: SecondPerson | undefined;
}

/** Events drafted before somebody else may have a turn. */
const eventsAtOnce = 200;
const decisionsAtOnce = 100;

/**
 * Decides commands of one partition on the newest speculative state: what is accepted plus what this owner has appended and not
 * read back yet. Commands of one run are decided in their order, different runs side by side, so that the decision service can answer many at once.
 */
export class Decider {
  readonly #fold: Fold;
  readonly #service: DecisionService;
  readonly #session: DecisionSession;
  readonly #speculative = new Map<string, RunEntry>();
  readonly #slices: Slices;
  readonly #maxPartBytes: number;
  readonly #delegation: Delegation;
  readonly #door: Door;
  readonly #secondPerson: SecondPerson | undefined;

  constructor({ fold, decisions, delegation, slices, maxPartBytes, secondPerson }: DeciderParts) {
    this.#secondPerson = secondPerson;
    this.#slices = slices;
    this.#maxPartBytes = maxPartBytes;
    this.#fold = fold;
    this.#service = decisions;
    this.#delegation = delegation;
    this.#session = decisions.openSession();
    this.#door = new Door(this.#session, delegation);
  }

  entry(runId: string): RunEntry | undefined {
    // Rule 5: on top of what is accepted stand own records alone.
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
    const isOver = answeredAttempts(commands);
    const decideRun = async (indexes: readonly number[]) => {
      for (const index of indexes) {
        // The result is here already: that it began says nothing more.
        if (isOver(index)) continue;
        if (this.#slices.isOver) await this.#slices.rest();
        results[index] = await this.#decideOne(commands[index] as AnyRunCommand, at, care);
      }
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
    const state = this.entry(command.runId)?.state;
    if (state?.status !== "running" || state.unfinished !== true)
      return this.#decideCommand(command, at, care);
    // The owner before died between two records of an input: first the rest of it.
    // Rule 13: half a step would leave the run waiting for what nobody asked for.
    const { runId, seq } = state;
    const finish = { type: "FinishStep", commandId: `deadline/${runId}/finish/${seq}`, runId } as const;
    const rest = await this.#decideCommand(finish, at, care);
    const own = command.type === "FinishStep" ? undefined : await this.#decideCommand(command, at, care);
    return oneAfterOther(rest, own);
  }

  async #decideCommand(command: AnyRunCommand, at: number, care: Care): Promise<Decided | undefined> {
    const before = this.entry(command.runId);
    const verdict = care.verdictOn(command.commandId);
    if (verdict === "setAside") return this.#setAside(before, command, at);
    const instead = verdict === undefined ? undefined : deadlyCode;
    const unstartable =
      command.type === "StartRun" && before === undefined && this.#delegation.takes(command.workflow)
        ? await this.#door.unstartable(command)
        : undefined;
    const decided =
      unstartable ?? approved(this.#outcome(before, command, at, care), command, this.#secondPerson, at);
    const outcome =
      decided.type === "accepted" && before !== undefined && instead === undefined
        ? ((await this.#door.misfit(before, command, care)) ?? decided)
        : decided;
    if (outcome.type === "ignored") return undefined;
    const first = outcome.type === "accepted" ? outcome.events : [refusal(command, outcome)];
    if (!isOfHistory(before?.state, first)) return outsideHistory(command, first);

    const draft = this.#draft(command, before, at);
    const flaw = await this.#add(draft, first);
    if (flaw !== undefined) return this.#refuse(command, before, at, flaw);
    const ready = new ReadySignals(command.type === "FinishStep" ? draft.run : undefined);
    let wakes = command.type === "FinishStep" || first.some(wakesCode);
    if (command.type === "AnswerQuestion" && outcome.type === "accepted") {
      const problem = await this.#carryOut(draft, command, at);
      if (problem !== undefined) return this.#getStuck(command, before, at, first, problem);
      wakes = draft.run?.codeGivenUp !== undefined;
    }
    // Code that is stuck is asked again only when a person says so, or to be cancelled; both clear `stuck`.
    // This ends: what the code itself wants wakes it only by a signal that waited for it, or once when it begins to fail.
    while (wakes && draft.run !== undefined && isAskedHere(draft.run)) {
      const decisions = await this.#wanted(draft.run, draft.entry, instead, care);
      const step = await this.#advance(draft, decisions, command, at);
      if (step.problem !== undefined) return this.#getStuck(command, before, at, first, step.problem);
      ready.awaited(decisions);
      const delivered = step.wakes ? [] : ready.next(draft.run);
      const unwanted = await this.#add(draft, delivered);
      if (unwanted !== undefined) return this.#getStuck(command, before, at, first, unwritable(unwanted));
      wakes = step.wakes || delivered.length > 0;
    }
    if (draft.isEmpty) return this.#nothingLeft(before);
    const size = draft.tooLarge();
    if (size !== undefined) return this.#getStuck(command, before, at, first, tooLarge(size));
    return this.#decided(command, draft);
  }

  /**
   * What the code wants that was asked through the log, and one of the signals that lie waiting: what the code makes of it may be that it wants no other.
   *
   * @returns why it can't be recorded
   */
  async #carryOut(
    draft: Draft,
    command: Extract<AnyRunCommand, { type: "AnswerQuestion" }>,
    at: number,
  ): Promise<Failure | undefined> {
    const { problem, wakes } = await this.#advance(draft, command.decisions, command, at);
    if (problem !== undefined || wakes || (draft.run?.bufferedCount ?? 0) === 0) return problem;
    // Rule 32: handed over with the answer, to waits that the code still has.
    const unwanted = await this.#add(draft, new ReadySignals(draft.run).next(draft.run));
    return unwanted === undefined ? undefined : unwritable(unwanted);
  }

  #draft(command: AnyRunCommand, before: RunEntry | undefined, at: number): Draft {
    return new Draft(command, before, at, this.#maxPartBytes);
  }

  /** @returns why the events can't be recorded */
  async #add(draft: Draft, events: readonly RunEvent[]): Promise<string | undefined> {
    for (let from = 0; from < events.length; from += eventsAtOnce) {
      if (this.#slices.isOver) await this.#slices.rest();
      const flaw = draft.add(events.slice(from, from + eventsAtOnce));
      if (flaw !== undefined) return flaw;
    }
    return undefined;
  }

  /** @param instead of the code's answer, where it is known for ending processes */
  #wanted(
    run: OpenRun,
    { history }: RunEntry,
    instead: Failure | undefined,
    care: Care,
  ): readonly RunDecision[] | Promise<readonly RunDecision[]> {
    const { runId, workflow, codeGivenUp } = run;
    if (codeGivenUp !== undefined) return this.#undone(run, history);
    if (instead !== undefined) return [{ type: "GetStuck", failure: deadly(instead, run) }];
    return this.#ask({ runId, workflow, history }, care);
  }

  #undone(run: OpenRun, history: Question["history"]): readonly RunDecision[] {
    this.#session.forget(run.runId);
    return undoWithoutCode(
      run,
      history.map(({ event }) => event),
    );
  }

  /** Drafts what the code wants: bit by bit, since it may be thousands of things. */
  async #advance(
    draft: Draft,
    decisions: readonly RunDecision[],
    { commandId: inputId }: AnyRunCommand,
    at: number,
  ): Promise<{ readonly wakes: boolean; readonly problem?: Failure }> {
    let wakes = false;
    const tooLarge = sizeProblem(decisions);
    if (tooLarge !== undefined) return { wakes, problem: tooLarge };
    for (let from = 0; from < decisions.length && draft.run?.stuck === undefined; from += decisionsAtOnce) {
      const { run } = draft;
      if (run === undefined) break;
      const some = decisions.slice(from, from + decisionsAtOnce);
      const wanted = wantedEvents(run, some, { at, inputId });
      if ("flaw" in wanted) return { wakes, problem: unwritable(wanted.flaw) };
      wakes ||= wanted.events.some(wakesCode);
      const flaw = await this.#add(draft, wanted.events);
      if (flaw !== undefined) return { wakes, problem: unwritable(flaw) };
    }
    const tooMuch = draft.run === undefined ? undefined : openProblem(draft.run);
    return tooMuch === undefined ? { wakes } : { wakes, problem: tooMuch };
  }

  /** Of an input that was recorded in part: its code has changed meanwhile, and wants nothing more. Asked again, it would want nothing again. */
  #nothingLeft(before: RunEntry | undefined): undefined {
    if (before?.state.status !== "running") return undefined;
    this.#speculative.set(before.state.runId, { ...before, state: finished(before.state) });
    return undefined;
  }

  #outcome(before: RunEntry | undefined, command: AnyRunCommand, at: number, care: Care): Outcome {
    const state = before?.state;
    try {
      if (
        command.type === "StartRun" &&
        state === undefined &&
        care.verdictOn(command.commandId) === undefined
      ) {
        if (this.#delegation.takes(command.workflow)) return begunInWorkers(decide(state, command, at));
        care.inCode(true);
        const refused = this.#service.checkStart(command.workflow, command.input);
        care.inCode(false);
        if (refused !== undefined) return { type: "rejected", ...refused };
      }
      if (command.type === "AskAgain" && state !== undefined)
        return decide(state, command, at, this.#delegation.buildsOf(state.workflow));
      // What became of the timer meanwhile is in the run's past.
      if ("timerId" in command && "action" in command)
        return decide(state, command, at, undefined, before?.history);
      // Rule 9: what was answered is known from the state, on which a repeated command is decided as any other.
      return decide(state, command, at);
    } catch (error) {
      // A command that makes the core throw is a bug of ours; it must not take the partition with it.
      // Rule 10: delivered again, it would throw again forever; so that is its outcome.
      return {
        type: "rejected",
        code: "Unprocessable",
        message: `The engine failed on it: ${reasonOf(error)}`,
      };
    }
  }

  async #ask(question: Question, care: Care): Promise<readonly RunDecision[]> {
    care.inCode(true);
    try {
      return await this.#session.ask(question);
    } catch (error) {
      // It promises not to, and whoever breaks that promise must not take the partition with it.
      const message = `The decision service failed: ${reasonOf(error)}`;
      return [{ type: "GetStuck", failure: { kind: "code", name: "DecisionServiceFailed", message } }];
    } finally {
      care.inCode(false);
    }
  }

  /** Does nothing for the command but to say so: whatever it asks for ended the processes that did it. */
  #setAside(before: RunEntry | undefined, command: AnyRunCommand, at: number): Decided | undefined {
    const refused = refusal(command, { type: "rejected", code: "Unprocessable", message: deadlyCommand });
    if (before === undefined || !isOfHistory(before.state, [refused]))
      return outsideHistory(command, [refused]);
    const { state } = before;
    const goesOn = state.status === "running" && state.stuck === undefined;
    // Time asks again for what it asked for, and was answered.
    if (!goesOn && command.commandId.startsWith("deadline/")) return undefined;
    const failure = { kind: "code", name: "EngineEnded", message: deadlyCommand } as const;
    this.#session.forget(command.runId);
    const draft = this.#draft(command, before, at);
    draft.add(goesOn ? [refused, { type: "RunStuck", failure }] : [refused]);
    return this.#decided(command, draft);
  }

  /** The input counts, what the code wanted because of it does not. What is being cancelled goes on without it. */
  async #getStuck(
    command: AnyRunCommand,
    before: RunEntry | undefined,
    at: number,
    first: readonly RunEvent[],
    failure: Failure,
  ): Promise<Decided> {
    this.#session.forget(command.runId);
    const draft = this.#draft(command, before, at);
    let flaw = await this.#add(draft, first);
    flaw ??= await this.#add(draft, draft.run === undefined ? [] : [undecided(draft.run, failure)]);
    if (flaw === undefined && draft.run?.codeGivenUp !== undefined) {
      const step = await this.#advance(draft, this.#undone(draft.run, draft.entry.history), command, at);
      flaw = step.problem?.message;
    }
    flaw ??= draft.tooLarge();
    return flaw === undefined ? this.#decided(command, draft) : this.#refuse(command, before, at, flaw);
  }

  /** Whatever it is that the log can't take, a short refusal of it can be taken. */
  #refuse(command: AnyRunCommand, before: RunEntry | undefined, at: number, flaw: string): Decided {
    const events = [shortRefusal(command, flaw)];
    if (!isOfHistory(before?.state, events)) return outsideHistory(command, events);
    const draft = this.#draft(command, before, at);
    draft.add(events);
    return this.#decided(command, draft);
  }

  #decided(command: AnyRunCommand, draft: Draft): Decided {
    const decided = draft.decided();
    this.#speculative.set(command.runId, draft.entry);
    return decided;
  }
}

/** Code that lives in workers is asked by an effect of what is recorded. */
function isAskedHere({ stuck, delegated, codeGivenUp }: OpenRun): boolean {
  return stuck === undefined && (delegated === undefined || codeGivenUp !== undefined);
}

function begunInWorkers(outcome: Outcome): Outcome {
  if (outcome.type !== "accepted") return outcome;
  const events = outcome.events.map(
    (event): RunEvent => (event.type === "RunStarted" ? { ...event, codeIn: "workers" } : event),
  );
  return { ...outcome, events };
}

/** What the code wants, as events; it may be anything that another process says. */
function wantedEvents(
  run: OpenRun,
  decisions: readonly RunDecision[],
  { at, inputId }: { readonly at: number; readonly inputId: string },
): { readonly events: readonly RunEvent[] } | { readonly flaw: string } {
  try {
    return { events: carryOut(run, decisions, { runId: run.runId, at, inputId }).events };
  } catch (error) {
    return { flaw: reasonOf(error) };
  }
}

/** Of a run that is not there, or is set aside, only a beginning or a repair becomes part of the history. */
function isOfHistory(state: RunState | undefined, [first]: readonly RunEvent[]): boolean {
  if (state === undefined) return first?.type === "RunStarted";
  return state.status !== "damaged" || first?.type === "RunRepaired";
}
