import {
  type AnyRunCommand,
  deadlines,
  earliestDeadline,
  type RunDecision,
  type RunEvent,
} from "@downbeat/domain";
import type { Position } from "@downbeat/message-log";
import {
  type DecisionRecord,
  type DecisionService,
  encodeHistoryRecord,
  type Offer,
  type Question,
} from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { Decider } from "../src/decider.ts";
import { noDelegation } from "../src/delegation.ts";
import type { Decided } from "../src/draft.ts";
import { applyDecision, Fold } from "../src/fold.ts";
import { MemoryStateStore, type Verdict } from "../src/index.ts";
import type { RunEntry } from "../src/run-entry.ts";
import { Slices } from "../src/slices.ts";
import { EngineClock } from "./engine-clock.ts";

/** Code whose answers a test says, and that notes what it was asked. */
class Code {
  readonly asked: Question[] = [];
  readonly offered: Offer[] = [];
  readonly forgotten: string[] = [];
  /** What it wants, question by question; then nothing. */
  answers: (readonly RunDecision[])[] = [];
  refusal: string | undefined;
  readonly verdicts = new Map<string, Verdict>();
  /** Whether it was asked or had answered. */
  readonly entered: boolean[] = [];
  onStart: (input: string) => ReturnType<DecisionService["checkStart"]> = () => undefined;

  /** What is done before it answers. */
  before: () => void = () => {};

  readonly service: DecisionService = {
    checkStart: (_, input) => this.onStart(input),
    openSession: () => ({
      ask: async (question) => {
        this.asked.push({ ...question, history: [...question.history] });
        this.before();
        return this.answers.shift() ?? [];
      },
      check: async (_, offer) => {
        this.offered.push(offer);
        this.before();
        return this.refusal;
      },
      forget: (runId) => void this.forgotten.push(runId),
      close: () => {},
    }),
  };
}

function opened(...answers: (readonly RunDecision[])[]) {
  return openedWith(200_000, ...answers);
}

/** @param parts how many bytes of one input a record takes */
function openedWith(parts: number, ...answers: (readonly RunDecision[])[]) {
  return openedWithFold(new Fold(new MemoryStateStore()), parts, ...answers);
}

function openedWithFold(fold: Fold, parts: number, ...answers: (readonly RunDecision[])[]) {
  return openedWithSlices(fold, new Slices(new EngineClock()), parts, ...answers);
}

function openedWithSlices(fold: Fold, slices: Slices, parts: number, ...answers: (readonly RunDecision[])[]) {
  const code = new Code();
  code.answers = answers;
  const decider = new Decider({
    fold,
    decisions: code.service,
    delegation: noDelegation,
    slices,
    maxPartBytes: parts,
  });
  let at = 1_000;
  const decide = async (...commands: AnyRunCommand[]) => {
    at += 1;
    return decider.decideAll(commands, at, {
      verdictOn: (commandId) => code.verdicts.get(commandId),
      inCode: (is) => void code.entered.push(is),
    });
  };
  return { code, decider, decide };
}

let ids = 0;
const base = (runId = "r") => ({ commandId: `c${++ids}`, runId });
const start = (runId?: string): AnyRunCommand => ({
  type: "StartRun",
  ...base(runId),
  workflow: "w",
  input: "1",
});
const action = () => ({ actionId: `a${++ids}`, actor: "ada", reason: "test" });
const completeByHand = (jobId: string): AnyRunCommand => ({
  type: "CompleteJob",
  ...base(),
  jobId,
  output: "1",
  action: action(),
});
const pay = { type: "ScheduleJob", jobId: "j1", jobType: "pay", input: "1" } as const satisfies RunDecision;
const fail = (attempt: number, runId?: string): AnyRunCommand => ({
  type: "FailAttempt",
  ...base(runId),
  jobId: "j1",
  attempt,
  worker: "v",
  startedAt: 1,
  failure: { kind: "technical", name: "E", message: "e" },
});

function types(events: readonly RunEvent[] | undefined): string[] {
  return (events ?? []).map((event) => event.type);
}

describe("the decider", () => {
  test("puts an input and what the code wants because of it into one decision, with the effects", async () => {
    const { code, decide, decider } = opened([pay]);
    const command = start();
    const [decided] = await decide(command);
    expect(decided?.decision).toMatchObject({
      runId: "r",
      workflow: "w",
      inputId: command.commandId,
      seq: 1,
    });
    expect(types(decided?.decision.events)).toEqual(["RunStarted", "JobScheduled", "AttemptRequested"]);
    expect(JSON.parse(decided?.json ?? "")).toEqual(decided?.decision);
    expect(decided?.bytes).toBe(Buffer.byteLength(decided?.json ?? ""));
    expect(decided?.effects).toMatchObject([{ type: "DispatchAttempt", jobId: "j1", attempt: 1 }]);
    expect(decider.entry("r")?.state).toMatchObject({ status: "running", seq: 3 });
    expect(code.asked.map(({ history }) => history.length)).toEqual([1]);
  });

  test("decides commands of one run in their order, each on what came of the one before", async () => {
    const { decide } = opened([pay], [], [{ type: "CompleteRun", output: "2" }]);
    const complete: AnyRunCommand = {
      type: "CompleteAttempt",
      ...base(),
      jobId: "j1",
      attempt: 1,
      worker: "v",
      startedAt: 1,
      output: "2",
    };
    const decided = await decide(start(), start("other"), complete);
    expect(decided.map((one) => one?.decision.seq)).toEqual([1, 1, 4]);
    expect(types(decided[2]?.decision.events)).toEqual(["JobCompleted", "RunCompleted"]);
  });

  test("records nothing for what was answered before", async () => {
    const { decide } = opened([pay]);
    const command = start();
    const decided = await decide(command, command);
    expect(decided[1]).toBeUndefined();
  });

  test("records a refusal with who asked for what, and lets the run be as it was", async () => {
    const { decide, decider } = opened([pay]);
    await decide(start());
    const before = decider.entry("r")?.state;
    const given = action();
    const [decided] = await decide({ type: "RunJobNow", ...base(), jobId: "j1", action: given });
    expect(decided?.decision.events).toEqual([
      {
        type: "CommandRefused",
        command: "RunJobNow",
        code: "JobNotBackingOff",
        message: expect.any(String),
        jobId: "j1",
        action: given,
      },
    ]);
    expect(decider.entry("r")?.state).toMatchObject({ status: "running", seq: (before?.seq ?? 0) + 1 });
  });

  test("answers a command for a run that there isn't, without making one", async () => {
    const { decide, decider } = opened();
    const [decided] = await decide({ type: "CancelRun", ...base("nobody"), action: action() });
    expect(decided?.decision).toMatchObject({ runId: "nobody", workflow: "", seq: 0 });
    expect(decided?.decision.events).toMatchObject([{ type: "CommandRefused", code: "UnknownRun" }]);
    expect(decided?.entry).toBeUndefined();
    expect(decider.entry("nobody")).toBeUndefined();
  });

  test("makes a refusal of a start that its code can't take, and of one that makes the engine throw", async () => {
    const { code, decide } = opened();
    code.onStart = () => ({ code: "InvalidInput", message: "not a trip" });
    const [refused] = await decide(start());
    expect(refused?.decision.events).toMatchObject([{ code: "InvalidInput", message: "not a trip" }]);
    code.onStart = () => {
      throw new Error("a bug");
    };
    const [thrown, next] = await decide(start(), fail(1, "other"));
    expect(thrown?.decision.events).toMatchObject([
      { code: "Unprocessable", message: expect.stringContaining("a bug") },
    ]);
    expect(next?.decision.events).toMatchObject([{ code: "UnknownRun" }]);
  });

  describe("has the code check what is offered to it:", () => {
    const offers: [string, (stuck: boolean) => AnyRunCommand, Offer][] = [
      [
        "the edited input of a job that is tried again",
        () => ({ type: "RetryJob", ...base(), jobId: "j1", input: '"edited"', action: action() }),
        { type: "jobInput", jobId: "j1", input: '"edited"' },
      ],
      [
        "a result that a person gives",
        () => ({ type: "CompleteJob", ...base(), jobId: "j1", output: '"given"', action: action() }),
        { type: "jobOutput", jobId: "j1", output: '"given"' },
      ],
      [
        "a signal",
        () => ({ type: "SendSignal", ...base(), signalId: "s", name: "approval", payload: "true" }),
        { type: "signal", name: "approval", payload: "true" },
      ],
    ];

    /** A run whose job is stuck. */
    async function stuck() {
      const made = opened([{ ...pay, options: { retry: { maxAttempts: 1 } } }]);
      await made.decide(start());
      await made.decide(fail(1));
      expect(made.decider.entry("r")?.state).toMatchObject({ jobs: expect.anything() });
      return made;
    }

    test.each(offers)(
      "%s is refused with what the code says, and nothing else happens",
      async (_, command, offer) => {
        const { code, decide } = await stuck();
        code.refusal = "It does not fit.";
        const [decided] = await decide(command(true));
        expect(code.offered).toEqual([offer]);
        expect(decided?.decision.events).toMatchObject([
          { type: "CommandRefused", code: "InvalidInput", message: "It does not fit." },
        ]);
        expect(decided?.effects).toEqual([]);
      },
    );

    test.each(offers)("%s counts when it fits", async (_, command, offer) => {
      const { code, decide } = await stuck();
      const [decided] = await decide(command(true));
      expect(code.offered).toEqual([offer]);
      expect(types(decided?.decision.events)).not.toContain("CommandRefused");
    });

    test("a job that is tried again with the input it had is not asked about", async () => {
      const { code, decide } = await stuck();
      code.refusal = "It does not fit.";
      const [decided] = await decide({ type: "RetryJob", ...base(), jobId: "j1", action: action() });
      expect(code.offered).toEqual([]);
      expect(types(decided?.decision.events)).toEqual(["JobRetried", "AttemptRequested"]);
    });
  });

  test("asks stuck code no more until a person resumes the run", async () => {
    const failure = { kind: "code", name: "Error", message: "oops" } as const;
    const { code, decide } = opened([{ type: "GetStuck", failure }]);
    const signal = (): AnyRunCommand => ({
      type: "SendSignal",
      ...base(),
      signalId: `s${++ids}`,
      name: "n",
      payload: "1",
    });
    await decide(start());
    await decide(signal());
    expect(code.asked).toHaveLength(1);
    await decide({ type: "ResumeRun", ...base(), action: action() });
    expect(code.asked).toHaveLength(2);
  });

  test("asks code once for each signal that waited for it, however many did", async () => {
    const { code, decide, decider } = opened([pay]);
    const signals = Array.from({ length: 1_200 }, (_, index): AnyRunCommand => {
      return { type: "SendSignal", ...base(), signalId: `s${index}`, name: "n", payload: "1" };
    });
    await decide(start(), ...signals);
    expect(code.asked).toHaveLength(1);
    code.answers = signals.map((_, index) => [{ type: "AwaitSignal", waitId: `w${index + 1}`, name: "n" }]);
    await decide(completeByHand("j1"));
    expect(code.asked).toHaveLength(1_202);
    expect(decider.entry("r")?.state).toMatchObject({ status: "running", bufferedCount: 0 });
  });

  test("asks code that is about to fail before it hands over a signal, to a wait that it still wants", async () => {
    const { code, decide, decider } = opened([pay]);
    await decide(start(), { type: "SendSignal", ...base(), signalId: "s1", name: "n", payload: "1" });
    const failure = { kind: "code", name: "Error", message: "oops" } as const;
    code.answers = [
      [
        { type: "BeginFailing", failure },
        { type: "AwaitSignal", waitId: "w1", name: "n" },
      ],
      [{ type: "AbandonSignalWait", waitId: "w1" }],
    ];
    const [decided] = await decide(completeByHand("j1"));
    expect(types(decided?.decision.events)).toEqual([
      "JobCompleted",
      "RunFailing",
      "SignalAwaited",
      "SignalWaitAbandoned",
    ]);
    expect(decider.entry("r")?.state).toMatchObject({ bufferedCount: 1 });
  });

  test("asks code again that begins to fail, however much it wants after that", async () => {
    const failure = { kind: "code", name: "Error", message: "oops" } as const;
    const many = Array.from({ length: 250 }, (_, index) => ({ ...pay, jobId: `j${index + 1}` }));
    const { code, decide } = openedWith(1_000_000, [{ type: "BeginFailing", failure }, ...many]);
    await decide(start());
    expect(code.asked).toHaveLength(2);
  });

  test("keeps the input and drops what the code wanted when that is too much", async () => {
    const many: RunDecision[] = Array.from({ length: 50 }, (_, index) => ({
      type: "ScheduleJob",
      jobId: `j${index + 1}`,
      jobType: "pay",
      input: JSON.stringify("x".repeat(100_000)),
    }));
    const { code, decide, decider } = opened(many);
    const [decided] = await decide(start());
    expect(types(decided?.decision.events)).toEqual(["RunStarted", "RunStuck"]);
    expect(decided?.next).toBeUndefined();
    expect(decided?.bytes).toBeLessThan(10_000);
    expect(decided?.effects).toEqual([]);
    expect(decider.entry("r")?.state).toMatchObject({ seq: 2, stuck: { name: "DecisionTooLarge" } });
    expect(decider.entry("r")?.history).toHaveLength(2);
    // What the code holds in memory went another way than history.
    expect(code.forgotten).toEqual(["r"]);
  });

  test("gives a run's state back to the fold once what is newest of it is accepted, not before", async () => {
    const { code, decide, decider } = opened([], []);
    const [first] = await decide(start());
    const [second] = await decide({
      type: "SendSignal",
      ...base(),
      signalId: "s",
      name: "n",
      payload: "1",
    });
    if (first?.entry === undefined || second?.entry === undefined) throw new Error("Nothing was decided.");
    decider.settle("r", first.entry);
    expect(decider.entry("r")).toBe(second.entry);
    decider.settle("r", second.entry);
    // This fold never heard of it.
    expect(decider.entry("r")).toBeUndefined();
    expect(code.forgotten).toEqual([]);
  });

  test("lets go of the code of a run that is over", async () => {
    const { code, decide, decider } = opened([{ type: "CompleteRun", output: "1" }]);
    const [decided] = await decide(start());
    if (decided?.entry === undefined) throw new Error("Nothing was decided.");
    decider.settle("r", decided.entry);
    expect(code.forgotten).toEqual(["r"]);
  });

  describe("of a command that ended processes", () => {
    test("the code is asked no more: what it says counts, and its run is stuck", async () => {
      const { code, decide, decider } = opened([pay]);
      const command = start();
      code.verdicts.set(command.commandId, "withoutCode");
      code.onStart = () => ({ code: "InvalidInput", message: "asked all the same" });
      const [decided] = await decide(command);
      expect(types(decided?.decision.events)).toEqual(["RunStarted", "RunStuck"]);
      expect(decider.entry("r")?.state).toMatchObject({ stuck: { name: "EngineEnded" } });
      expect(code.asked).toEqual([]);
      expect(code.entered).toEqual([]);
    });

    test("nothing is done at all when it is set aside: it is refused, and its run is stuck", async () => {
      const { code, decide, decider } = opened([pay]);
      await decide(start());
      const command: AnyRunCommand = { type: "CancelRun", ...base(), action: action() };
      code.verdicts.set(command.commandId, "setAside");
      const [decided] = await decide(command);
      expect(decided?.decision.events).toMatchObject([
        { type: "CommandRefused", command: "CancelRun", code: "Unprocessable", action: command.action },
        { type: "RunStuck", failure: { name: "EngineEnded" } },
      ]);
      expect(decider.entry("r")?.state).toMatchObject({ status: "running", seq: 5 });
      expect(code.forgotten).toEqual(["r"]);
    });

    test("one that is set aside says so of a run that is stuck or over or isn't there, and does nothing else", async () => {
      const { code, decide } = opened([{ type: "CompleteRun", output: "1" }]);
      await decide(start());
      const commands = ["r", "nobody"].map((runId): AnyRunCommand => {
        return { type: "CancelRun", ...base(runId), action: action() };
      });
      for (const { commandId } of commands) code.verdicts.set(commandId, "setAside");
      const decided = await decide(...commands);
      expect(decided.map((one) => types(one?.decision.events))).toEqual([
        ["CommandRefused"],
        ["CommandRefused"],
      ]);
    });

    test("what time asks for is said once, not each time that it asks again", async () => {
      const { code, decide } = opened([{ type: "SetTimer", timerId: "t1", dueAt: 1 }]);
      await decide(start());
      const fire: AnyRunCommand = {
        type: "FireTimer",
        commandId: "deadline/r/t1/1",
        runId: "r",
        timerId: "t1",
        generation: 1,
      };
      code.verdicts.set(fire.commandId, "setAside");
      const [first] = await decide(fire);
      expect(types(first?.decision.events)).toEqual(["CommandRefused", "RunStuck"]);
      expect(await decide(fire)).toEqual([undefined]);
    });
  });

  test("says when the code is at work, so that its end is known to be the code's", async () => {
    const { code, decide } = opened([pay]);
    await decide(start());
    // The check of the input, then the code.
    expect(code.entered).toEqual([true, false, true, false]);
  });
});

describe("what comes of one input and is more than a record takes", () => {
  const jobs = (count: number): RunDecision[] =>
    Array.from({ length: count }, (_, index) => ({ ...pay, jobId: `j${index + 1}` }));
  const waits = (count: number): RunDecision[] =>
    Array.from({ length: count }, (_, index) => ({
      type: "AwaitSignal",
      waitId: `w${index + 1}`,
      name: "n",
      timeoutMs: 1_000,
    }));

  function partsOf(decided: Decided | undefined): Decided[] {
    const parts: Decided[] = [];
    for (let part = decided; part !== undefined; part = part.next) parts.push(part);
    return parts;
  }

  /** As the next owner finds it: the fold of so many parts. */
  function foldOf(parts: readonly Decided[]): RunEntry | undefined {
    let entry: RunEntry | undefined;
    for (const { json, partsLeft } of parts)
      entry = applyDecision(entry, JSON.parse(json), 1_001, [], partsLeft !== undefined);
    return entry;
  }

  test("is cut into parts that follow one another, each with the run after it and its own effects", async () => {
    const { decide, decider } = openedWith(1_000, jobs(50));
    const [decided] = await decide(start());
    const parts = partsOf(decided);
    expect(parts.length).toBeGreaterThan(5);
    for (const [index, part] of parts.entries()) {
      const isLast = index === parts.length - 1;
      expect(part.bytes).toBeLessThan(1_500);
      expect(JSON.parse(part.json)).toEqual(part.decision);
      expect(part.partsLeft).toBe(isLast ? undefined : parts.length - 1 - index);
      const folded = foldOf(parts.slice(0, index + 1));
      expect(part.entry?.state).toEqual(folded?.state);
      const requested = part.decision.events.filter(({ type }) => type === "AttemptRequested");
      expect(part.effects).toHaveLength(requested.length);
    }
    const events = parts.flatMap(({ decision }) => decision.events);
    expect(types(events).filter((type) => type === "JobScheduled")).toHaveLength(50);
    expect(decider.entry("r")?.state).toEqual(parts.at(-1)?.entry?.state);
  });

  test("is not cut between what must be together", async () => {
    for (const bytes of [1, 150, 300, 450]) {
      const { decide } = openedWith(bytes, [...jobs(5), ...waits(5)]);
      for (const { decision } of partsOf((await decide(start()))[0]))
        expect(["AttemptRequested", "TimerSet"]).not.toContain(decision.events[0]?.type);
    }
  });

  test("is finished by the next owner, wherever it was cut: the rest of what the code wants", async () => {
    const wants = [...jobs(8), ...waits(4)];
    const whole = openedWith(1_000_000, wants);
    const [all] = await whole.decide(start());
    const { decide } = openedWith(300, wants);
    const parts = partsOf((await decide(start()))[0]);
    for (let kept = 1; kept < parts.length; kept++) {
      const before = foldOf(parts.slice(0, kept));
      const asked = before?.history.filter(({ event }) => wantedBy(event)).length ?? 0;
      const next = openedOn(parts.slice(0, kept), wants.slice(asked));
      const { state } = before ?? {};
      const due = state?.status === "running" ? deadlines(state)[0] : undefined;
      expect(due?.dueAt).toBe(1_001);
      const rest = partsOf((await next.decide(due?.command as AnyRunCommand))[0]);
      const events = [...parts.slice(0, kept), ...rest].flatMap(({ decision }) => decision.events);
      expect(events).toEqual(all?.decision.events);
      expect(next.decider.entry("r")?.state).not.toHaveProperty("unfinished");
    }
  });

  test("is finished before anything else is decided of the run", async () => {
    const wants = jobs(8);
    const { decide } = openedWith(300, wants);
    const parts = partsOf((await decide(start()))[0]);
    const [first] = parts;
    const asked = first?.decision.events.filter(wantedBy).length ?? 0;
    const next = openedOn(parts.slice(0, 1), wants.slice(asked), []);
    const complete = completeByHand("j1");
    const decided = partsOf((await next.decide(complete))[0]);
    expect(decided.map(({ decision }) => decision.inputId)).toEqual([
      ...decided.slice(0, -1).map(() => `deadline/r/finish/${first?.decision.events.length}`),
      complete.commandId,
    ]);
    expect(types(decided.at(-1)?.decision.events)).toEqual(["JobCompleted"]);
  });

  test("a cancelled run lets go of all that it has open, wherever that was cut", async () => {
    const wants = waits(10);
    const cancel = (): AnyRunCommand => ({ type: "CancelRun", ...base(), action: action() });
    const { decide } = openedWith(300, wants, []);
    const started = partsOf((await decide(start()))[0]);
    const parts = partsOf((await decide(cancel()))[0]);
    expect(parts.length).toBeGreaterThan(3);
    for (let kept = 1; kept < parts.length; kept++) {
      const next = openedOn([...started, ...parts.slice(0, kept)], []);
      const { state } = next.decider.entry("r") ?? {};
      const due = state?.status === "running" ? deadlines(state)[0] : undefined;
      await next.decide(due?.command as AnyRunCommand);
      const after = next.decider.entry("r")?.state;
      expect(after).toMatchObject({ status: "running", waits: null, timers: null });
      expect(next.code.asked).toHaveLength(1);
    }
  });

  test("hands over a signal that lay waiting for what was asked for in a part that was recorded alone", async () => {
    const wants = [
      ...jobs(1),
      { type: "AwaitSignal", waitId: "w1", name: "n" } as const,
      ...jobs(9).slice(1),
    ];
    const begun = openedWith(300, jobs(1), []);
    const started = partsOf((await begun.decide(start()))[0]);
    const signal: AnyRunCommand = { type: "SendSignal", ...base(), signalId: "s1", name: "n", payload: "1" };
    const signalled = partsOf((await begun.decide(signal))[0]);
    begun.code.answers = [wants.slice(1)];
    const complete = completeByHand("j1");
    const parts = partsOf((await begun.decide(complete))[0]);
    const cut = parts.findIndex(({ decision }) => types(decision.events).includes("SignalAwaited")) + 1;
    const kept = parts.slice(0, cut);
    expect(types(kept.flatMap(({ decision }) => decision.events))).not.toContain("SignalDelivered");
    const next = openedOn([...started, ...signalled, ...kept], []);
    const { state } = next.decider.entry("r") ?? {};
    const due = state?.status === "running" ? deadlines(state)[0] : undefined;
    const rest = partsOf((await next.decide(due?.command as AnyRunCommand))[0]);
    expect(types(rest.flatMap(({ decision }) => decision.events))).toContain("SignalDelivered");
  });

  test("asks once when the code wants nothing more by then, and goes on", async () => {
    const wants = jobs(8);
    const { decide } = openedWith(300, wants);
    const parts = partsOf((await decide(start()))[0]);
    const next = openedOn(parts.slice(0, 1), []);
    const finish = { type: "FinishStep", ...base() } as const;
    expect(await next.decide(finish)).toEqual([undefined]);
    expect(await next.decide(finish)).toEqual([undefined]);
    expect(next.code.asked).toHaveLength(1);
    const { state } = next.decider.entry("r") ?? {};
    expect(state?.status === "running" && earliestDeadline(state)).toBeUndefined();
  });

  function openedOn(parts: readonly Decided[], ...answers: (readonly RunDecision[])[]) {
    const fold = new Fold(new MemoryStateStore());
    const records = parts.map(({ decision, partsLeft }, index): DecisionRecord => {
      const prev = index === 0 ? "claim" : `part-${index - 1}`;
      return {
        kind: "decisions",
        id: `part-${index}`,
        prev,
        claimId: "claim",
        at: 1_001,
        dispatchedUpTo: 0,
        decisions: [decision],
        ...(partsLeft !== undefined && { partsLeft }),
      };
    });
    const all = [{ kind: "claim", id: "claim", epoch: 1, owner: "o", at: 1 } as const, ...records];
    all.forEach((record, index) => {
      fold.read({ payload: encodeHistoryRecord(record), publishTime: record.at }, `0:${index}` as Position);
    });
    return openedWithFold(fold, 300, ...answers);
  }
});

describe("what code wants in one step", () => {
  const jobs = (count: number): RunDecision[] =>
    Array.from({ length: count }, (_, index) => ({ ...pay, jobId: `j${index + 1}` }));

  test("is done to the last, once each, however much it is", async () => {
    const { decide } = openedWith(1_000_000, jobs(250));
    const [decided] = await decide(start());
    expect(types(decided?.decision.events).filter((type) => type === "JobScheduled")).toHaveLength(250);
  });

  test("ends with the end of the run, or where it gets stuck", async () => {
    const failure = { kind: "code", name: "Error", message: "oops" } as const;
    const ends: [RunDecision, string][] = [
      [{ type: "CompleteRun", output: "1" }, "RunCompleted"],
      [{ type: "GetStuck", failure }, "RunStuck"],
    ];
    for (const [decision, type] of ends) {
      const { decide } = openedWith(1_000_000, [decision, ...jobs(250)]);
      const [decided] = await decide(start());
      const said = types(decided?.decision.events);
      expect(said.slice(0, 2)).toEqual(["RunStarted", type]);
      expect(said.filter((one) => one === "JobScheduled").length).toBeLessThan(100);
    }
  });

  test("leaves the run stuck that would have more open than it may", async () => {
    const { decide, code, decider } = opened(jobs(5_000));
    await decide(start());
    const more = (from: number, count: number) =>
      jobs(from + count)
        .slice(from)
        .map((decision) => ({ ...decision }));
    code.answers = [more(5_000, 5_000)];
    await decide(completeByHand("j1"));
    expect(decider.entry("r")?.state).not.toHaveProperty("stuck");
    code.answers = [more(10_000, 3)];
    await decide(completeByHand("j2"));
    expect(decider.entry("r")?.state).toMatchObject({ stuck: { name: "TooMuchOpen" } });
  });

  test("that can't be kept leaves the run stuck, with why", async () => {
    const { decide, decider, code } = opened([{ type: "AwaitSignal", waitId: "W1", name: "n" }]);
    await decide(start());
    expect(decider.entry("r")?.state).toMatchObject({
      stuck: {
        kind: "code",
        name: "Unrecordable",
        message: expect.stringMatching(
          /^What the code asked for can't be kept: SignalAwaited can't be written down/,
        ),
      },
    });
    code.before = () => {
      throw new Error("a bug");
    };
    await decide(start("other"));
    expect(decider.entry("other")?.state).toMatchObject({
      stuck: { name: "DecisionServiceFailed", message: "The decision service failed: a bug" },
    });
    // It is known not to be in its code any more.
    expect(code.entered.at(-1)).toBe(false);
  });
});

describe("an input that comes to more than the log takes", () => {
  test("is refused in short, in the run's own history", async () => {
    const { decide, decider } = opened([{ ...pay, options: { retry: { maxAttempts: 1 } } }]);
    await decide(start());
    const before = decider.entry("r")?.state.seq ?? 0;
    const odd = "\u0001";
    const command: AnyRunCommand = {
      ...(fail(1) as Extract<AnyRunCommand, { type: "FailAttempt" }>),
      failure: { kind: "technical", name: "E", message: odd.repeat(10_000), details: odd.repeat(131_000) },
    };
    const [decided] = await decide(command);
    expect(decided?.decision).toMatchObject({ runId: "r", seq: before + 1 });
    expect(decided?.decision.events).toEqual([
      {
        type: "CommandRefused",
        command: "FailAttempt",
        code: "Unprocessable",
        message: expect.stringMatching(
          /^What came of it can't be kept in history: it is \d{6,} bytes, and the limit is 600000\.$/,
        ),
        jobId: "j1",
        attempt: 1,
      },
    ]);
    expect(decider.entry("r")?.state).not.toHaveProperty("stuck");
  });
});

describe("a run that is set aside", () => {
  function damaged() {
    const fold = new Fold(new MemoryStateStore());
    const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
    const records = [
      { kind: "claim", id: "claim", epoch: 1, owner: "o", at: 1 } as const,
      {
        kind: "decisions",
        id: "d1",
        prev: "claim",
        claimId: "claim",
        at: 5,
        dispatchedUpTo: 0,
        decisions: [{ runId: "r", workflow: "w", inputId: "i", seq: 1, events: [started, started] }],
      } as const,
    ];
    records.forEach((record, index) => {
      fold.read({ payload: encodeHistoryRecord(record), publishTime: record.at }, `0:${index}` as Position);
    });
    expect(fold.entry("r")?.state.status).toBe("damaged");
    return openedWithFold(fold, 200_000);
  }

  test("has its refusals outside of its history", async () => {
    const { decide } = damaged();
    const [decided] = await decide({ type: "CancelRun", ...base(), action: action() });
    expect(decided?.decision).toMatchObject({ seq: 0, events: [{ code: "RunDamaged" }] });
  });

  test("has them there also of what is set aside itself, or is asked for by time", async () => {
    const { code, decide } = damaged();
    const command: AnyRunCommand = { type: "CancelRun", ...base(), action: action() };
    code.verdicts.set(command.commandId, "setAside");
    const [decided] = await decide(command);
    expect(decided?.decision).toMatchObject({ seq: 0, events: [{ code: "Unprocessable" }] });
    expect(decided?.entry).toBeUndefined();
  });

  test("takes its repair into its history", async () => {
    const { decide } = damaged();
    const [decided] = await decide({ type: "RepairRun", ...base(), action: action(), outcome: "closed" });
    expect(decided?.decision).toMatchObject({ seq: 1, events: [{ type: "RunRepaired" }] });
  });
});

describe("the code is not asked", () => {
  test("about a start with an id that is taken", async () => {
    const { code, decide } = opened();
    await decide(start());
    code.onStart = () => ({ code: "InvalidInput", message: "asked all the same" });
    const [decided] = await decide(start());
    expect(decided?.decision.events).toMatchObject([{ code: "RunExists" }]);
  });

  test("about what is refused anyway, or ended processes before", async () => {
    const { code, decide } = opened([pay]);
    await decide(start());
    const signal = (runId: string): AnyRunCommand => ({
      type: "SendSignal",
      ...base(runId),
      signalId: "s",
      name: "n",
      payload: "1",
    });
    const complete = completeByHand("j9");
    await decide(complete, signal("nobody"));
    const deadly = signal("r");
    code.verdicts.set(deadly.commandId, "withoutCode");
    await decide(deadly);
    expect(code.offered).toEqual([]);
  });

  test("while it is stuck, though something comes that it waited for", async () => {
    const failure = { kind: "code", name: "Error", message: "oops" } as const;
    const { code, decide } = opened(
      [
        { type: "AwaitSignal", waitId: "w1", name: "a" },
        { type: "AwaitSignal", waitId: "w2", name: "b" },
      ],
      [{ type: "GetStuck", failure }],
    );
    await decide(start());
    const signal = (name: string): AnyRunCommand => ({
      type: "SendSignal",
      ...base(),
      signalId: name,
      name,
      payload: "1",
    });
    await decide(signal("a"));
    expect(code.asked).toHaveLength(2);
    const [decided] = await decide(signal("b"));
    expect(types(decided?.decision.events)).toContain("SignalDelivered");
    expect(code.asked).toHaveLength(2);
  });
});

test("a check that fails is a refusal, and the code is known to be left", async () => {
  const { code, decide } = opened([pay]);
  await decide(start());
  code.entered.length = 0;
  code.before = () => {
    expect(code.entered).toEqual([true]);
    throw new Error("a bug");
  };
  const [decided] = await decide({ type: "SendSignal", ...base(), signalId: "s", name: "n", payload: "1" });
  expect(decided?.decision.events).toMatchObject([
    { code: "InvalidInput", message: "The decision service failed on it: a bug" },
  ]);
  expect(code.entered).toEqual([true, false]);
});

describe("that an attempt begins", () => {
  type Told = Extract<AnyRunCommand, { readonly worker: string }>;
  const told = (worker = "v") => ({ ...base(), jobId: "j1", attempt: 1, worker, startedAt: 1 });
  const begins = (more: object = {}, worker?: string) =>
    ({ type: "HeartbeatAttempt", ...told(worker), begins: true, ...more }) as Told;
  const failure = { kind: "business", name: "No", message: "no" } as const;
  const results: [string, () => Told][] = [
    ["completed", () => ({ type: "CompleteAttempt", ...told(), output: "1" })],
    ["failed", () => ({ type: "FailAttempt", ...told(), failure })],
    ["rejected", () => ({ type: "RejectAttempt", ...told(), failure })],
  ];
  const complete = (worker?: string): Told => ({ type: "CompleteAttempt", ...told(worker), output: "1" });

  /** What came of each of the commands of one batch. */
  async function decided(...commands: Told[]) {
    const { decide } = opened([pay]);
    await decide(start(), start("other"));
    const outcomes = await decide(...commands);
    return Array.from(outcomes, (one) => types(one?.decision.events));
  }

  test.each(results)("is not written down where it is %s in the same batch", async (_, result) => {
    const [begun, ended] = await decided(begins(), result());
    expect(begun).toEqual([]);
    expect(ended?.length).toBeGreaterThan(0);
    expect(ended).not.toContain("CommandRefused");
  });

  test.each<[string, Told[], number]>([
    ["there is no result", [begins()], 0],
    ["the result is another worker's", [begins({}, "v"), complete("w")], 0],
    ["it came back, so that its worker waits for the answer", [begins({ redelivered: 1 }), complete()], 0],
    ["it is no beginning, but a sign of life", [begins({ begins: undefined }), complete()], 0],
  ])("is written down where %s", async (_, commands, index) => {
    expect((await decided(...commands))[index]).toContain("AttemptStarted");
  });

  test("is no news where it comes after its result", async () => {
    const [ended, begun] = await decided(complete(), begins());
    expect(ended).toContain("JobCompleted");
    expect(begun).toEqual([]);
  });
});

describe("deciding lets others have a turn", () => {
  function slow() {
    let now = 0;
    let deferred: (() => void)[] = [];
    const time = { each: 0 };
    const slices = new Slices({
      monotonic: () => {
        now += time.each;
        return now;
      },
      defer: (run) => void deferred.push(run),
    });
    const made = openedWithSlices(new Fold(new MemoryStateStore()), slices, 1_000_000);
    const settle = async () => {
      for (let settling = 0; settling < 50; settling++) await Promise.resolve();
    };
    const turn = async () => {
      const due = deferred;
      deferred = [];
      for (const run of due) run();
      await settle();
    };
    return { ...made, time, settle, turn, pass: (ms: number) => void (now += ms) };
  }

  test("between one run and the next", async () => {
    const { code, decide, turn, settle, pass } = slow();
    const begun: string[] = [];
    code.onStart = (input) => {
      begun.push(input);
      pass(20);
      return undefined;
    };
    const deciding = decide(start("a"), start("b"), start("c"));
    await settle();
    expect(begun).toHaveLength(1);
    for (let turns = 0; turns < 10; turns++) {
      const before = begun.length;
      await turn();
      expect(begun.length).toBeLessThanOrEqual(before + 1);
    }
    await deciding;
    expect(begun).toHaveLength(3);
  });

  test("within one, where it is long", async () => {
    const { code, decide, turn, settle, time } = slow();
    code.answers = [
      Array.from({ length: 1_000 }, (_, index) => ({ type: "SetTimer", timerId: `t${index + 1}`, dueAt: 5 })),
    ];
    await decide(start());
    time.each = 2;
    let isDone = false;
    const deciding = decide({ type: "TerminateRun", ...base(), action: action() }, start("b")).then(() => {
      isDone = true;
    });
    await settle();
    await turn();
    await deciding;
    expect(isDone).toBe(true);
    time.each = 4;
    isDone = false;
    code.answers = [
      Array.from({ length: 1_000 }, (_, index) => ({ type: "SetTimer", timerId: `t${index + 1}`, dueAt: 5 })),
    ];
    const long = decide(start("c")).then(() => {
      isDone = true;
    });
    await settle();
    expect(isDone).toBe(false);
    for (let turns = 0; turns < 50; turns++) await turn();
    await long;
  });
});

function wantedBy(event: RunEvent): boolean {
  return event.type === "JobScheduled" || event.type === "SignalAwaited";
}

describe("an attempt of which it is said that it begins", () => {
  const begins = (worker = "v", redelivered?: number): AnyRunCommand => ({
    type: "HeartbeatAttempt",
    ...base(),
    jobId: "j1",
    attempt: 1,
    worker,
    startedAt: 1,
    begins: true,
    ...(redelivered !== undefined && { redelivered }),
  });
  const decideOnJob = async (...commands: AnyRunCommand[]) => {
    const { decide } = opened([pay]);
    await decide(start());
    return Array.from(await decide(...commands), (decided) => types(decided?.decision.events));
  };

  test("is not recorded to have begun when its result is there already", async () => {
    expect(await decideOnJob(begins(), fail(1))).toEqual([[], ["AttemptFailed"]]);
  });

  test("is recorded to have begun when the result is another worker's, of another run, or came before", async () => {
    expect(await decideOnJob(begins())).toEqual([["AttemptStarted"]]);
    expect((await decideOnJob(begins("w"), fail(1)))[0]).toEqual(["AttemptStarted"]);
    expect((await decideOnJob(begins(), fail(1, "other")))[0]).toEqual(["AttemptStarted"]);
    expect(await decideOnJob(fail(1), begins())).toEqual([["AttemptFailed"], []]);
  });

  test("is recorded to have begun when its worker waits for the answer", async () => {
    expect(await decideOnJob(begins("v", 1), fail(1))).toEqual([["AttemptStarted"], ["AttemptFailed"]]);
  });
});
