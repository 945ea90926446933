import { expect } from "vitest";
import {
  type AnyRunCommand,
  type AskCode,
  advance,
  ask,
  type Deadline,
  deadlines,
  decide,
  type Effect,
  effectsOf,
  evolve,
  type OpenJob,
  type OpenRun,
  openJob,
  question,
  type RejectionCode,
  type RunDecision,
  type RunEvent,
  type RunState,
} from "../src/index.ts";
import { deepFreeze } from "./deep-freeze.ts";

export const runId = "order-1";
/** When every scenario begins, ms. */
export const t0 = 1_000_000;

/** A run as its history tells it: `given(…events).when(command)`, and then `.brings(…)`, `.rejectedAs(…)` or `.ignored()`. */
export function given(...events: RunEvent[]): Scenario {
  return new Scenario(undefined, t0).and(...events);
}

type WithoutIds<C> = C extends unknown ? Omit<C, "commandId" | "runId"> : never;
/** A command without its address, which the scenario adds. */
export type Asked = WithoutIds<AnyRunCommand> & { readonly commandId?: string };

export class Scenario {
  readonly state: RunState | undefined;
  readonly now: number;
  readonly lastEffect: Effect | undefined;
  /** Of the workers that are there; `undefined` where nobody knows. */
  readonly builds: readonly string[] | undefined;

  constructor(
    state: RunState | undefined,
    now: number,
    lastEffect?: Effect,
    builds?: readonly string[] | undefined,
  ) {
    this.state = deepFreeze(state);
    this.now = now;
    this.lastEffect = lastEffect;
    this.builds = builds;
  }

  and(...events: RunEvent[]): Scenario {
    return events.reduce<Scenario>((before, event) => {
      const seq = (before.state?.seq ?? 0) + 1;
      const state = evolve(before.state, deepFreeze(event), { runId, seq, at: before.now, inputId: "start" });
      return new Scenario(state, before.now, effectsOf(state, event, before.state)[0], before.builds);
    }, this);
  }

  /** Lets time pass, and nothing else. */
  after(ms: number): Scenario {
    return new Scenario(this.state, this.now + ms, this.lastEffect, this.builds);
  }

  /** What no event says: a part that is missing, or damage. */
  being(state: RunState): Scenario {
    return new Scenario(state, this.now, undefined, this.builds);
  }

  hostedBy(...builds: string[]): Scenario {
    return new Scenario(this.state, this.now, this.lastEffect, builds);
  }

  /** After a decision: the code is asked, if there is something to ask. */
  asked(): Scenario {
    return new Scenario(ask(this.run), this.now, this.lastEffect, this.builds);
  }

  /** That is out. */
  get question(): AskCode | undefined {
    return this.state && question(this.state)[0];
  }

  when(asked: Asked): Answer {
    return new Answer(this, { commandId: "command", runId, ...asked } as AnyRunCommand);
  }

  /** What the workflow code wants becomes events. */
  whenCodeWants(...decisions: RunDecision[]): { brings(...events: RunEvent[]): Scenario } {
    const { events, state } = advance(this.run, deepFreeze(decisions), {
      runId,
      at: this.now,
      inputId: "decision",
    });
    return {
      brings: (...expected) => {
        expect(events).toStrictEqual(expected);
        return new Scenario(state, this.now, undefined, this.builds);
      },
    };
  }

  get run(): OpenRun {
    if (this.state?.status !== "running") throw new Error(`The run is ${this.state?.status ?? "not there"}.`);
    return this.state;
  }

  get deadlines(): Deadline[] {
    return deadlines(this.run);
  }

  job(jobId = "j1"): OpenJob {
    const job = openJob(this.run, jobId);
    if (job === undefined) throw new Error(`Job ${jobId} is over.`);
    return job;
  }
}

class Answer {
  readonly before: Scenario;
  readonly command: AnyRunCommand;

  constructor(before: Scenario, command: AnyRunCommand) {
    this.before = before;
    this.command = deepFreeze(command);
  }

  get outcome() {
    return decide(this.before.state, this.command, this.before.now, this.before.builds);
  }

  brings(...events: RunEvent[]): Scenario {
    expect(this.outcome).toStrictEqual({ type: "accepted", events });
    return this.before.and(...events);
  }

  /** Refused; the refusal is recorded, as the engine does it. */
  rejectedAs(code: RejectionCode): Scenario {
    const { outcome, command } = this;
    expect(outcome).toMatchObject({ type: "rejected", code });
    if (outcome.type !== "rejected" || this.before.state === undefined) return this.before;
    return this.before.and({
      type: "CommandRefused",
      command: command.type,
      code,
      message: outcome.message,
      ...("jobId" in command && { jobId: command.jobId }),
      ...("attempt" in command && { attempt: command.attempt }),
      ...("action" in command && { action: command.action }),
    });
  }

  ignored(): Scenario {
    expect(this.outcome).toEqual({ type: "ignored" });
    return this.before;
  }
}
