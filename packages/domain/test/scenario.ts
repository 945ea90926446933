import { expect } from "vitest";
import {
  type AnyRunCommand,
  advance,
  type Deadline,
  deadlines,
  decide,
  type Effect,
  effectsOf,
  evolve,
  type OpenJob,
  type OpenRun,
  openJob,
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

  constructor(state: RunState | undefined, now: number, lastEffect?: Effect) {
    this.state = deepFreeze(state);
    this.now = now;
    this.lastEffect = lastEffect;
  }

  and(...events: RunEvent[]): Scenario {
    return events.reduce<Scenario>((before, event) => {
      const seq = (before.state?.seq ?? 0) + 1;
      const state = evolve(before.state, deepFreeze(event), { runId, seq, at: before.now, inputId: "start" });
      return new Scenario(state, before.now, effectsOf(state, event, before.state)[0]);
    }, this);
  }

  /** Lets time pass, and nothing else. */
  after(ms: number): Scenario {
    return new Scenario(this.state, this.now + ms, this.lastEffect);
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
        expect(events).toEqual(expected);
        return new Scenario(state, this.now);
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
    return decide(this.before.state, this.command, this.before.now);
  }

  brings(...events: RunEvent[]): Scenario {
    expect(this.outcome).toEqual({ type: "accepted", events });
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
