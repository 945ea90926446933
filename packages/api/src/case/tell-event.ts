import { type Action, type Failure, failureWords, type RunEvent } from "@downbeat/domain";
import type { EventView, JobRow, TimelineRow } from "../views.ts";
import { factsOf } from "./facts.ts";
import { type MessageArgs, type MessageKey, spoken, type Words } from "./words.ts";

export const caseAudiences = ["colleague", "customer"] as const;
/** A customer is told nothing of who works here, of errors, or of what data says. */
export type CaseAudience = (typeof caseAudiences)[number];

export interface Listener {
  readonly audience: CaseAudience;
  readonly maySeePayloads: boolean;
  readonly words: Sayer;
  readonly rows: ReadonlyMap<string, TimelineRow>;
}

type Sayer = Pick<Words, "say" | "moment" | "list">;

/** A job that ended sooner than this at its first try is told once, when it is done. */
const tellsBeginningAfterMs = 60_000;

/** What an event means to whoever is told, as sentences; `undefined` for what only concerns machines. */
export function tellEvent(view: EventView, listener: Listener): string | undefined {
  const teller = new Teller(listener);
  return listener.audience === "customer"
    ? teller.toCustomer(view.event)
    : teller.toColleague(view.event, view.at);
}

const silent: Sayer = { say: () => "", moment: () => "", list: () => "" };

/** Whether `tellEvent` has a sentence for it, for a fraction of what the sentence costs. */
export function isTold(view: EventView, listener: Listener): boolean {
  return tellEvent(view, { ...listener, words: silent, maySeePayloads: false }) !== undefined;
}

class Teller {
  readonly #words: Sayer;
  readonly #rows: ReadonlyMap<string, TimelineRow>;
  readonly #maySeePayloads: boolean;

  constructor({ words, rows, maySeePayloads }: Listener) {
    this.#words = words;
    this.#rows = rows;
    this.#maySeePayloads = maySeePayloads;
  }

  toColleague(event: RunEvent, at: number): string | undefined {
    switch (event.type) {
      case "RunStarted": {
        const workflow = spoken(event.workflow);
        return event.startedBy === undefined
          ? this.#say("started", { workflow })
          : this.#say("startedBy", { workflow, actor: event.startedBy });
      }
      case "LabelsSet": {
        const labels = Object.entries(event.labels).map(([key, value]) => `${key}: ${value}`);
        return labels.length === 0 ? undefined : this.#say("labels", { labels: this.#words.list(labels) });
      }
      case "JobCompleted": {
        const done = this.#facts("result", event.output);
        if (event.action === undefined) return joined(this.#done(event.jobId), done);
        const by = this.#say("jobDoneByHand", { actor: event.action.actor, ...this.#job(event.jobId) });
        return joined(by, this.#reason(event.action), done);
      }
      case "AttemptFailed": {
        const job = this.#job(event.jobId);
        const by = event.action;
        const ended = by === undefined ? undefined : this.#say("attemptEnded", { actor: by.actor, ...job });
        const failed =
          event.retryAt === undefined
            ? this.#say("attemptFailedLast", job)
            : this.#say("attemptFailed", { ...job, moment: this.#words.moment(event.retryAt) });
        return joined(ended, by && this.#reason(by), failed, this.#error(event.failure));
      }
      case "JobRejected":
        return joined(this.#say("jobRefused", this.#job(event.jobId)), this.#error(event.failure));
      case "JobStuck":
        return joined(this.#say("jobStuck", this.#job(event.jobId)), this.#error(event.failure));
      case "JobFailed":
        return joined(this.#say("jobFailed", this.#job(event.jobId)), this.#error(event.failure));
      case "JobCancelled":
        return event.action === undefined
          ? this.#say("jobCalledOff", this.#job(event.jobId))
          : this.#by("jobCancelled", event.action, this.#job(event.jobId));
      case "JobRetried":
        return this.#by(
          event.input === undefined ? "jobRetriedBy" : "jobRetriedWithInput",
          event.action,
          this.#job(event.jobId),
        );
      case "BackOffSkipped":
        return this.#by("retryNow", event.action, this.#job(event.jobId));
      case "RetryPostponed": {
        const moment = this.#words.moment(event.retryAt);
        return this.#by("retryPostponed", event.action, { ...this.#job(event.jobId), moment });
      }
      case "TimerFired":
        if (event.action === undefined) return this.#sleepOver(event.timerId);
        return this.#isSignal(event.timerId)
          ? this.#by("signalWaitEnded", event.action, this.#signal(event.timerId))
          : this.#by("sleepEnded", event.action);
      case "TimerCancelled":
        return event.action === undefined
          ? undefined
          : this.#by("timeoutLifted", event.action, this.#signal(event.timerId));
      case "TimerPostponed": {
        const moment = this.#words.moment(event.dueAt);
        return this.#isSignal(event.timerId)
          ? this.#by("timeoutMoved", event.action, { ...this.#signal(event.timerId), moment })
          : this.#by("sleepMoved", event.action, { moment });
      }
      case "SignalReceived": {
        const signal = spoken(event.name);
        const came =
          event.actor === undefined
            ? this.#say("signalCame", { signal })
            : this.#say("signalCameFrom", { signal, actor: event.actor });
        return joined(came, this.#facts("with", event.payload));
      }
      case "SignalAwaited":
        return event.signalId === undefined
          ? this.#awaited(event.name, event.timeoutMs, at)
          : this.#say("passedOver", { signal: spoken(event.name) });
      case "RunFailing":
        return joined(this.#say("failing"), this.#error(event.failure));
      case "RunFailed":
        return joined(this.#say("failed"), this.#error(event.failure));
      case "RunCancelRequested":
        return this.#by("cancelRequestedBy", event.action);
      case "RunCancelled":
        return joined(this.#say("cancelled"), event.failure && this.#error(event.failure));
      case "RunTerminated":
        return this.#by("terminatedBy", event.action);
      case "RunStuck":
        return joined(this.#say("codeStuck"), this.#error(event.failure));
      case "CodeGivenUp":
        return this.#say("codeGivenUp");
      case "RunResumed":
        return this.#by("resumedBy", event.action);
      case "RunRepaired":
        return this.#by(event.outcome === "cut" ? "repairedBy" : "closedBy", event.action);
      case "CommandRefused": {
        const actor = event.action?.actor ?? event.actor;
        const command = spoken(event.command);
        const refused =
          actor === undefined
            ? this.#say("refused", { command })
            : this.#say("refusedTo", { command, actor });
        return joined(refused, this.#say("reason", { reason: ended(event.message) }));
      }
      default:
        return this.#toBoth(event);
    }
  }

  toCustomer(event: RunEvent): string | undefined {
    switch (event.type) {
      case "RunStarted":
        return this.#say("started", { workflow: spoken(event.workflow) });
      case "JobCompleted":
        return this.#done(event.jobId);
      case "AttemptFailed":
        // Once a job is enough.
        return event.attempt === 1 && event.retryAt !== undefined
          ? this.#say("takesLonger", this.#job(event.jobId))
          : undefined;
      case "JobRejected":
      case "JobFailed":
        return this.#say("jobNotPossible", this.#job(event.jobId));
      case "JobStuck":
        return this.#say("lookedInto", this.#job(event.jobId));
      case "JobCancelled":
        return this.#say("jobCalledOff", this.#job(event.jobId));
      case "JobRetried":
        return this.#say("jobRetried", this.#job(event.jobId));
      case "TimerFired":
        return this.#sleepOver(event.timerId);
      case "TimerPostponed":
        return this.#say("waitMoved", { moment: this.#words.moment(event.dueAt) });
      case "SignalReceived":
        return this.#say("signalCame", { signal: spoken(event.name) });
      case "SignalAwaited":
        return event.signalId === undefined ? this.#awaited(event.name, undefined, 0) : undefined;
      case "RunFailing":
        return this.#say("failing");
      case "RunFailed":
        return this.#say("failed");
      case "RunCancelRequested":
        return this.#say("cancelRequested");
      case "RunCancelled":
        return this.#say("cancelled");
      case "RunTerminated":
        return this.#say("terminated");
      case "RunStuck":
        return this.#say("isLookedInto");
      case "RunResumed":
        return this.#say("resumed");
      case "RunRepaired":
        return event.outcome === "cut" ? this.#say("resumed") : this.#say("terminated");
      case "LabelsSet":
      case "BackOffSkipped":
      case "RetryPostponed":
      case "TimerCancelled":
      case "CodeGivenUp":
      case "CommandRefused":
        return undefined;
      default:
        return this.#toBoth(event);
    }
  }

  #toBoth(event: ToBoth): string | undefined {
    switch (event.type) {
      case "RunCompleted":
        return this.#say("completed");
      case "JobScheduled":
        return this.#begun(event.jobId);
      case "TimerSet":
        return event.waitId === undefined
          ? this.#say("sleeping", { moment: this.#words.moment(event.dueAt) })
          : undefined;
      case "SignalWaitEnded":
        return event.because === "timeout" ? this.#say("signalLate", this.#signal(event.waitId)) : undefined;
      case "VersionRecorded":
      case "CodeAnswered":
      case "CodeAskedAgain":
      case "AttemptRequested":
      case "AttemptStarted":
      case "AttemptHeartbeat":
      case "JobAbandoned":
      case "SignalDelivered":
      case "SignalWaitAbandoned":
      case "CompensationRegistered":
        return undefined;
    }
  }

  #begun(jobId: string): string | undefined {
    const row = this.#jobRow(jobId);
    if (row === undefined) return undefined;
    const isShort = row.to !== undefined && row.to - row.from < tellsBeginningAfterMs;
    if (isShort && row.attempts.length <= 1) return undefined;
    const done = this.#doneBefore(row);
    if (row.compensationId !== undefined && done === undefined)
      return this.#say("cleanUpBegun", this.#job(jobId));
    return done === undefined
      ? this.#say("jobBegun", this.#job(jobId))
      : this.#say("undoBegun", { ...this.#job(jobId), done });
  }

  #done(jobId: string): string {
    const row = this.#jobRow(jobId);
    const done = row === undefined ? undefined : this.#doneBefore(row);
    return done === undefined
      ? this.#say("jobDone", this.#job(jobId))
      : this.#say("undoDone", { ...this.#job(jobId), done });
  }

  /** What the job undoes. */
  #doneBefore({ undoes }: JobRow): string | undefined {
    const row = undoes === undefined ? undefined : this.#jobRow(undoes);
    return row === undefined ? undefined : spoken(row.jobType);
  }

  #awaited(name: string, timeoutMs: number | undefined, at: number): string {
    const signal = spoken(name);
    return timeoutMs === undefined
      ? this.#say("awaited", { signal })
      : this.#say("awaitedUntil", { signal, moment: this.#words.moment(at + timeoutMs) });
  }

  #sleepOver(timerId: string): string | undefined {
    return this.#isSignal(timerId) ? undefined : this.#say("sleepOver");
  }

  #by(key: MessageKey, action: Action, args: MessageArgs = {}): string {
    return joined(this.#say(key, { ...args, actor: action.actor }), this.#reason(action));
  }

  #reason({ reason }: Action): string | undefined {
    return reason.trim() === "" ? undefined : this.#say("reason", { reason: ended(reason) });
  }

  #error(failure: Failure): string {
    return this.#say("error", { error: ended(failureWords(failure)) });
  }

  #facts(key: "result" | "with", payload: string): string | undefined {
    const facts = this.#maySeePayloads ? factsOf(payload) : [];
    return facts.length === 0 ? undefined : this.#say(key, { facts: facts.join(", ") });
  }

  #job(jobId: string): { readonly job: string } {
    return { job: spoken(this.#jobRow(jobId)?.jobType ?? jobId) };
  }

  #signal(waitId: string): { readonly signal: string } {
    const row = this.#rows.get(waitId);
    return { signal: spoken(row?.kind === "signal" ? row.name : waitId) };
  }

  #isSignal(rowId: string): boolean {
    return this.#rows.get(rowId)?.kind === "signal";
  }

  #jobRow(jobId: string): JobRow | undefined {
    const row = this.#rows.get(jobId);
    return row?.kind === "job" ? row : undefined;
  }

  #say(key: MessageKey, args?: MessageArgs): string {
    return this.#words.say(key, args);
  }
}

/** What is left when each audience has had its own way of saying it. */
type ToBoth = Extract<
  RunEvent,
  {
    type:
      | "RunCompleted"
      | "JobScheduled"
      | "TimerSet"
      | "SignalWaitEnded"
      | "VersionRecorded"
      | "CodeAnswered"
      | "CodeAskedAgain"
      | "AttemptRequested"
      | "AttemptStarted"
      | "AttemptHeartbeat"
      | "JobAbandoned"
      | "SignalDelivered"
      | "SignalWaitAbandoned"
      | "CompensationRegistered";
  }
>;

function joined(...sentences: readonly (string | undefined)[]): string {
  return sentences.filter((sentence) => sentence !== undefined && sentence !== "").join(" ");
}

function ended(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return /[.!?…]$/.test(line) ? line : `${line}.`;
}
