import type { EventOf, Failure, RunDecision } from "@downbeat/domain";
import type { Offer, PassedOver, RecordedEvent } from "@downbeat/protocol";
import type { z } from "zod";
import { RunCancelledError } from "../errors.ts";
import { codeFailure, expectedFailure, failure } from "../failure.ts";
import { CodeLog } from "../logging/code-log.ts";
import { decodePayload, PayloadError } from "../payload.ts";
import { type Returned, returnedBy } from "../returned.ts";
import type { RunningCode } from "../running-code.ts";
import { checkNow } from "../schema-check.ts";
import { containStrays } from "../stray-rejections.ts";
import type { AnyWorkflow } from "../workflow.ts";
import { Ahead } from "./ahead.ts";
import { lastDecision } from "./closing.ts";
import { JobEnds } from "./job-ends.ts";
import type { Listeners } from "./listeners.ts";
import { outputPayload } from "./output-payload.ts";
import { describeDecision, describeEvent, isOwnDecision, isRecordOf } from "./own-decision.ts";
import { placed } from "./placed.ts";
import { ReceivedSignals } from "./received-signals.ts";
import { RecentResults } from "./recent-results.ts";
import { Requests } from "./requests.ts";
import { RunContext } from "./run-context.ts";
import { elsewhere, Situation } from "./situation.ts";
import { Surroundings } from "./surroundings/surroundings.ts";
import { UndoStack } from "./undo-stack.ts";
import { Unrecorded } from "./unrecorded.ts";
import { UnseenFailures } from "./unseen-failures.ts";
import { Versions } from "./versions.ts";
import { Waits } from "./waits.ts";

/** What history has at an event, and what the code asks for instead. */
export interface Divergence {
  readonly seq: number;
  readonly history: string;
  readonly code: string;
}

/**
 * The workflow code of one run, brought to where its history says it is.
 *
 * C1. Events are fed in order. After one that may wake the code, the caller drains the microtasks and calls `settle`; so the
 *     code sees the same order of things whether it was fed event by event or all at once.
 * C2. What the code asks for is issued in order, and history's records of it are matched in the same order. What is
 *     issued and not recorded after the last event is the answer.
 * C3. Code that misbehaves is answered with `GetStuck` and nothing else: what it asked for in the same step is not recorded
 *     and comes again when the run is resumed.
 * C4. Once the run closes, the code gets no more work done, but what it did can still be registered for undoing.
 * C5. Compensations run when nothing can wake the code any more.
 */
export class Coroutine {
  readonly runId: string;
  readonly #workflow: AnyWorkflow;
  #fed = 0;
  readonly #situation = new Situation();
  readonly #unrecorded = new Unrecorded();
  readonly #waits = new Waits();
  readonly #results = new RecentResults();
  readonly #undo = new UndoStack();
  readonly #ahead = new Ahead();
  readonly #versions = new Versions(this.#situation, this.#unrecorded, this.#ahead);
  readonly #requests: Requests;
  readonly #signals: ReceivedSignals;
  readonly #jobs: JobEnds;
  readonly #log: CodeLog;
  readonly #unseen = new UnseenFailures();
  #code: RunningCode;
  /** History and code have parted; nothing can be fed any more. */
  #divergence: Divergence | undefined;

  constructor(runId: string, workflow: AnyWorkflow, { onStray, onLine }: Listeners) {
    this.runId = runId;
    this.#workflow = workflow;
    this.#code = { onStray };
    this.#log = new CodeLog(runId, workflow.name, onLine);
    this.#requests = new Requests(runId, {
      situation: this.#situation,
      unrecorded: this.#unrecorded,
      waits: this.#waits,
      results: this.#results,
      undo: this.#undo,
      versions: this.#versions,
    });
    this.#jobs = new JobEnds({
      situation: this.#situation,
      waits: this.#waits,
      results: this.#results,
      undo: this.#undo,
      unseen: this.#unseen,
      check: (schema, value) => this.#asCode(() => checkNow(schema, value)),
    });
    this.#signals = new ReceivedSignals({
      situation: this.#situation,
      unrecorded: this.#unrecorded,
      waits: this.#waits,
      ahead: this.#ahead,
      check: ({ schema }, value) =>
        schema === undefined ? { ok: true, value } : this.#asCode(() => checkNow(schema, value)),
      awaitAgain: (waiting, signalId) => this.#requests.awaitAgain(waiting, signalId),
    });
  }

  /** Where history and code have parted. */
  get divergence(): Divergence | undefined {
    return this.#divergence;
  }

  /** Why the history can't be that of this code, in a sentence: code went on where this one does not. */
  get misfit(): string | undefined {
    const { broken } = this.#situation;
    if (broken === undefined) return undefined;
    return this.#divergence === undefined && broken.kind !== "nonDeterminism" ? undefined : broken.message;
  }

  /** What of its history its schemas do not take. */
  get untaken(): Failure | undefined {
    return this.#situation.isUntaken ? this.#situation.broken : undefined;
  }

  /** A signal that its schemas do not take, where the answer passes it over. */
  get passedOver(): PassedOver | undefined {
    return this.#situation.broken === undefined ? this.#signals.passedOver : undefined;
  }

  get fed(): number {
    return this.#fed;
  }

  /**
   * Feeds up to the next event that may wake the code: then `true`, and a drain and `settle` are due (C1).
   *
   * @param before how many of the run's events come before the given ones
   */
  feed(events: readonly RecordedEvent[], end: number, before: number): boolean {
    this.#ahead.feeding(events, this.#fed - before, end - before);
    this.#log.feeding(events, end - before);
    while (this.#fed < end && this.#divergence === undefined) {
      const index = this.#fed++ - before;
      this.#ahead.fed(index + 1);
      const recorded = events[index];
      if (recorded === undefined) continue;
      this.#log.at(recorded.seq, index);
      if (this.#take(recorded)) return true;
    }
    this.#ahead.forget();
    return false;
  }

  settle(): void {
    this.#situation.awake = false;
    this.#requests.settle();
    this.#progress();
  }

  answer(): readonly RunDecision[] {
    if (this.#situation.broken !== undefined)
      return [{ type: "GetStuck", failure: placed(this.#situation.broken, this.#workflow) }];
    if (!this.#unrecorded.isEmpty) return this.#unrecorded.all();
    const atRest = this.#situation.phase === "over" || this.#waits.size > 0 || this.#undo.isRunning;
    return atRest || this.#situation.closing?.recorded === false
      ? []
      : [{ type: "GetStuck", failure: placed(elsewhere, this.#workflow) }];
  }

  /** Why the code could not take it; nothing when it is not waiting for it. */
  problemWith(offer: Offer): string | undefined {
    switch (offer.type) {
      case "jobOutput": {
        const checked = this.#jobs.check(offer.jobId, "output", decodePayload(offer.output));
        return checked.ok ? undefined : checked.problem;
      }
      case "jobInput": {
        const checked = this.#jobs.check(offer.jobId, "input", decodePayload(offer.input));
        return checked.ok ? undefined : checked.problem;
      }
      case "signal": {
        const schema = this.#signalSchema(offer.name);
        if (schema === undefined) return undefined;
        const checked = checkNow(schema, decodePayload(offer.payload));
        return checked.ok
          ? undefined
          : `The payload does not fit the signal ${offer.name}.\n${checked.problem}`;
      }
    }
  }

  /** What the code waits with; else what its workflow says of signals of that name. */
  #signalSchema(name: string): z.ZodType | undefined {
    const waiting = this.#waits.oldestForSignal(name);
    if (waiting !== undefined) return waiting.schema;
    const { signalSchemas = {} } = this.#workflow;
    return Object.hasOwn(signalSchemas, name) ? signalSchemas[name] : undefined;
  }

  // What history says

  /** @returns whether the code may have been woken */
  #take({ seq, at, event }: RecordedEvent): boolean {
    if (isOwnDecision(event) && !this.#match(seq, event)) return false;
    switch (event.type) {
      case "RunStarted":
        this.#wake(at);
        this.#start(event, at);
        return true;
      case "RunFailing":
        this.#wake(at);
        if (this.#situation.closing !== undefined) this.#situation.closing.recorded = true;
        this.#rejectWaits("another branch of the code failed");
        return true;
      case "RunCancelRequested":
        this.#wake(at);
        this.#cancel();
        return true;
      case "JobCompleted":
        this.#wake(at);
        this.#jobs.completed(event);
        return true;
      case "JobRejected":
        this.#wake(at);
        this.#jobs.rejected(event);
        return true;
      case "JobFailed":
        this.#wake(at);
        this.#jobs.failed(event);
        return true;
      case "JobCancelled":
        this.#wake(at);
        this.#jobs.cancelled(event);
        return true;
      case "TimerSet":
        this.#waits.endsAt(event.timerId, event.dueAt);
        return false;
      case "TimerPostponed":
        this.#waits.steer(event.timerId, event.dueAt);
        return false;
      case "TimerCancelled":
        // By a person: whatever else is cancelled, its wait has ended before.
        this.#waits.steer(event.timerId, undefined);
        return false;
      case "TimerFired":
        this.#situation.ended(this.#waits.toldAtEnd(event.timerId, event.action !== undefined));
        this.#wake(at);
        // The time-out of a signal fires too; the wait ends with an event of its own.
        if (this.#waits.get(event.timerId)?.kind === "timer")
          this.#waits.take(event.timerId)?.resolve(undefined);
        return true;
      case "VersionRecorded":
        this.#versions.recorded(event.changeId, event.version);
        return false;
      case "SignalReceived":
        this.#signals.add(event);
        return false;
      case "SignalDelivered":
        this.#wake(at);
        this.#signals.deliver(event);
        return true;
      case "SignalWaitEnded":
        this.#wake(at);
        // Its time is over: where the run closes, what closed it has ended the wait before.
        this.#waits.take(event.waitId)?.resolve(undefined);
        return true;
      case "RunCompleted":
      case "RunFailed":
      case "RunCancelled":
      case "RunTerminated":
        this.#situation.phase = "over";
        return false;
      default:
        return false;
    }
  }

  #match(seq: number, event: RecordedEvent["event"]): boolean {
    const decision = this.#unrecorded.first;
    if (isRecordOf(event, decision)) {
      this.#unrecorded.recorded();
      if (event.type === "SignalWaitAbandoned") this.#requests.abandoned(event.waitId);
      if (event.type === "SignalAwaited" && event.signalId !== undefined)
        this.#signals.recorded(event.signalId);
      return true;
    }
    const [history, code] = [describeEvent(event), describeDecision(decision)];
    this.#divergence = { seq, history, code };
    this.#situation.broken ??= failure(
      "nonDeterminism",
      "NonDeterminism",
      `The code changed against its history: event ${seq} of the history has ${history}, the code now ${code}.`,
    );
    return false;
  }

  #wake(at: number): void {
    this.#situation.wake(at);
    this.#requests.newStep();
  }

  #start({ input, rules = 1 }: EventOf<"RunStarted">, at: number): void {
    this.#situation.rules = rules;
    const ofRun = new Surroundings(this.runId, this.#situation, at);
    this.#code = { ...this.#code, ofRun };
    // What was returned or thrown is looked at as part of the code too: its getters and `toJSON` are the author's.
    this.#asCode(() => void this.#execute(decodePayload(input))?.then(this.#onReturn, this.#onThrow));
  }

  /** The author's own, of this run: its schemas too. */
  #asCode<T>(run: () => T): T {
    return containStrays(this.#code, run);
  }

  #execute(given: unknown): Promise<Returned> | undefined {
    let input = given;
    if (this.#workflow.inputSchema !== undefined) {
      const checked = checkNow(this.#workflow.inputSchema, input);
      if (!checked.ok) {
        this.#situation.refuseRecorded(
          failure(
            "invalid",
            "InvalidInput",
            `The input does not fit the workflow's schema.\n${checked.problem}`,
          ),
        );
        return undefined;
      }
      input = checked.value;
    }
    const context = new RunContext(this.#requests, this.#log, this.#workflow.signalSchemas);
    return returnedBy(() => this.#workflow.execute(context, input));
  }

  readonly #onReturn = (output: Returned): void => {
    if (!this.#situation.endsNow()) return;
    this.#unseen.report(this.#log);
    this.#situation.end = {};
    if (this.#situation.closing !== undefined || this.#situation.broken !== undefined) return;
    try {
      const payload = outputPayload(this.#workflow, output, this.#situation);
      this.#unrecorded.add({ type: "CompleteRun", output: payload });
      this.#situation.phase = "over";
    } catch (error) {
      if (!(error instanceof PayloadError)) throw error;
      this.#situation.refuse(failure("invalid", "InvalidOutput", error.message));
    }
  };

  readonly #onThrow = (thrown: unknown): void => {
    if (!this.#situation.endsNow()) return;
    this.#unseen.report(this.#log);
    const expected = expectedFailure(thrown);
    if (expected === undefined) {
      const bug = codeFailure(thrown);
      this.#situation.end = { failure: bug };
      if (this.#situation.closing === undefined) this.#situation.refuse(bug);
      return;
    }
    this.#situation.end = {};
    if (this.#situation.closing !== undefined || this.#situation.broken !== undefined) return;
    this.#situation.closing = { outcome: "failed", failure: expected, recorded: false };
    this.#unrecorded.add({ type: "BeginFailing", failure: expected });
  };

  #cancel(): void {
    // Stuck code is as good as ended: a person wants the run to end, and its compensations are known.
    if (this.#situation.broken !== undefined) {
      this.#situation.end = { failure: this.#situation.broken };
      this.#situation.broken = undefined;
    }
    this.#situation.closing = { outcome: "cancelled", recorded: true };
    this.#situation.phase = "code";
    this.#requests.dropUnrecorded();
    this.#rejectWaits("the run is being cancelled");
  }

  #rejectWaits(why: string): void {
    for (const waiting of this.#waits.takeAllButJobs())
      waiting.reject(new RunCancelledError(`The wait ended: ${why}.`));
  }

  // The end of a run that does not complete

  #progress(): void {
    if (
      this.#situation.broken !== undefined ||
      this.#situation.closing?.recorded !== true ||
      this.#situation.phase === "over"
    )
      return;
    if (this.#situation.phase === "code") {
      if (this.#waits.jobs > 0) return;
      // Nothing of ours is left that could wake it: code that has not ended by now waits for something else.
      this.#situation.end ??= { failure: elsewhere };
      this.#situation.phase = "undoing";
    }
    if (this.#undo.isRunning) return;
    if (this.#requests.undoNext()) return;
    const { closing, end } = this.#situation;
    this.#situation.phase = "over";
    this.#unrecorded.add(lastDecision(closing, this.#undo.problems, end?.failure));
  }
}
