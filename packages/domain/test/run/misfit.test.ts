import { describe, expect, it } from "vitest";
import {
  misfit,
  type RepairOutcome,
  type RunEvent,
  type Standing,
  setAside,
  standingOf,
} from "../../src/index.ts";
import { action, backingOff, begun, declined, outage, requested, started, stuck } from "../samples.ts";
import { given, runId, t0 } from "../scenario.ts";

const completed: RunEvent = { type: "RunCompleted", output: "1" };
const refused: RunEvent = {
  type: "CommandRefused",
  command: "RetryJob",
  code: "JobOver",
  message: "It is over.",
  jobId: "j9",
};
const [scheduled] = requested() as [RunEvent];

/** A run with an open job, whose last event is number 3. */
const open: Standing = { seq: 3, isOpen: true, isSetAside: false, hasOpenJob: (jobId) => jobId === "j1" };
const closed: Standing = { ...open, isOpen: false, hasOpenJob: () => false };
const setAsideOpen: Standing = { ...open, isSetAside: true };

function repaired(outcome: RepairOutcome): RunEvent {
  return { type: "RunRepaired", action: action(), outcome, message: "x" };
}

/** What is said of these events as the next ones. */
function after(standing: Standing | undefined, ...events: RunEvent[]): string | undefined {
  return misfit(standing, { seq: (standing?.seq ?? 0) + 1, events });
}

const ofJob: RunEvent[] = [
  { type: "AttemptRequested", jobId: "j1", attempt: 2 },
  begun(),
  { type: "AttemptHeartbeat", jobId: "j1", attempt: 1 },
  backingOff(),
  ...stuck(),
  { type: "JobRetried", jobId: "j1", action: action() },
  { type: "BackOffSkipped", jobId: "j1", action: action() },
  { type: "RetryPostponed", jobId: "j1", retryAt: t0, action: action() },
];

const endOfJob: RunEvent[] = [
  { type: "JobCompleted", jobId: "j1", output: "1" },
  { type: "JobRejected", jobId: "j1", attempt: 1, failure: declined },
  { type: "JobFailed", jobId: "j1", failure: outage },
  { type: "JobCancelled", jobId: "j1" },
  { type: "JobAbandoned", jobId: "j1" },
];

const endOfRun: RunEvent[] = [
  completed,
  { type: "RunFailed", failure: declined },
  { type: "RunCancelled" },
  { type: "RunTerminated", action: action() },
];

const named = (events: RunEvent[]) => events.map((event) => [event.type, event] as const);

describe("Of an open job", () => {
  it.each(named([...ofJob, ...endOfJob]))("%s can follow, and of no other", (type, event) => {
    expect(after(open, event)).toBeUndefined();
    const other = { ...event, jobId: "j2" } as RunEvent;
    expect(after(open, other)).toBe(`event 4: ${type} speaks of job j2, which is not open`);
  });

  it.each(named(ofJob))("everything can follow %s", (_, event) => {
    expect(after(open, event, event, ...endOfJob.slice(0, 1))).toBeUndefined();
  });

  it.each(named(endOfJob))("nothing can follow %s, in the same record either", (_, event) => {
    expect(after(open, event, begun())).toBe("event 5: AttemptStarted speaks of job j1, which is not open");
    expect(after(open, event, event)).toMatch(/^event 5: .* not open$/);
  });

  it("what a record schedules is open in it", () => {
    expect(after(closedJobs(), scheduled, ...ofJob, ...endOfJob.slice(0, 1))).toBeUndefined();
    expect(after(undefined, started, scheduled, begun())).toBeUndefined();
    expect(after(undefined, started, begun())).toBe(
      "event 2: AttemptStarted speaks of job j1, which is not open",
    );
  });

  function closedJobs(): Standing {
    return { ...open, hasOpenJob: () => false };
  }
});

describe("After the run's end", () => {
  it.each(named(endOfRun))("nothing but a refusal can follow %s", (_, event) => {
    expect(after(open, event)).toBeUndefined();
    expect(after(open, event, refused, refused)).toBeUndefined();
    expect(after(open, event, scheduled)).toBe("event 5: JobScheduled can't follow the run's end");
    expect(after(open, event, event)).toBe(`event 5: ${event.type} can't follow the run's end`);
  });

  it("a refusal is all that comes, in a later record too", () => {
    expect(after(closed, refused)).toBeUndefined();
    expect(after(closed, completed)).toBe("event 4: RunCompleted can't follow the run's end");
  });
});

describe("A run begins", () => {
  it("with its start, once", () => {
    expect(after(undefined, started, scheduled)).toBeUndefined();
    expect(after(undefined, started, started)).toBe("event 2: the run starts a second time");
    expect(after(open, started)).toBe("event 4: the run starts a second time");
    expect(after(undefined, refused)).toBe("event 1: CommandRefused comes before the run's start");
    expect(after(undefined, scheduled)).toBe("event 1: JobScheduled comes before the run's start");
  });

  it("though something is known of it, if that is no event", () => {
    const blank: Standing = { seq: 0, isOpen: false, isSetAside: false, hasOpenJob: () => false };
    expect(after(blank, started, scheduled, begun())).toBeUndefined();
    expect(after(blank, scheduled)).toBe("event 1: JobScheduled comes before the run's start");
  });
});

describe("Numbers", () => {
  it.each([
    [open, 5, "event 4 is missing"],
    [open, 6, "events 4 to 5 are missing"],
    [open, 9, "events 4 to 8 are missing"],
    [open, 3, "event 3 is there twice: RunCompleted comes after event 3"],
    [open, 1, "event 1 is there twice: RunCompleted comes after event 3"],
    [undefined, 2, "its beginning is not in the log: the first event there is number 2"],
    [undefined, 0, "its beginning is not in the log: the first event there is number 0"],
  ])("that don't go on from %j: %i", (standing, seq, found) => {
    expect(misfit(standing, { seq, events: [completed] })).toBe(found);
  });

  it("a flaw is said before anything else", () => {
    expect(misfit(open, { seq: 9, events: [], flaw: "event 9 can't be read" })).toBe("event 9 can't be read");
  });
});

describe("After damage", () => {
  it("only a repair follows", () => {
    expect(after(setAsideOpen, completed)).toBe("it came after the damage");
    expect(after(setAsideOpen, repaired("cut"))).toBeUndefined();
    expect(after(open, repaired("cut"))).toBe("RunRepaired can follow only damage");
    expect(after(undefined, repaired("cut"))).toBe("RunRepaired can follow only damage");
    expect(after(open, scheduled, repaired("cut"))).toBe("event 5: RunRepaired can follow only damage");
  });

  it.each([3, 5])("no repair whose number %i is not the next", (seq) => {
    expect(misfit(setAsideOpen, { seq, events: [repaired("cut")] })).toBe(
      "RunRepaired can follow only damage",
    );
  });

  it("the run goes on where it was cut, if it was open there", () => {
    expect(after(setAsideOpen, repaired("cut"), begun(), completed)).toBeUndefined();
    expect(after(setAsideOpen, repaired("cut"), completed, begun())).toBe(
      "event 6: AttemptStarted can't follow the run's end",
    );
    expect(after({ ...setAsideOpen, isOpen: false }, repaired("cut"), begun())).toBe(
      "event 5: AttemptStarted can't follow the run's end",
    );
  });

  it("nothing but refusals follows where it was closed", () => {
    expect(after(setAsideOpen, repaired("closed"), refused)).toBeUndefined();
    expect(after(setAsideOpen, repaired("closed"), begun())).toBe(
      "event 5: AttemptStarted can't follow the run's end",
    );
  });

  it("a run without its beginning can be repaired, and does not start then", () => {
    const headless: Standing = { seq: 0, isOpen: false, isSetAside: true, hasOpenJob: () => false };
    expect(after(headless, repaired("closed"), refused)).toBeUndefined();
    expect(after(headless, repaired("closed"), started)).toBe("event 2: the run starts a second time");
  });
});

describe("The standing of a run", () => {
  const { state } = given(started, ...requested());
  const about = { runId, workflow: "order", at: t0 };

  it("is not there for one that is not known", () => {
    expect(standingOf(undefined)).toBeUndefined();
  });

  it("says what is open", () => {
    const standing = standingOf(state);
    expect(standing).toMatchObject({ seq: 3, isOpen: true, isSetAside: false });
    expect(standing?.hasOpenJob("j1")).toBe(true);
    expect(standing?.hasOpenJob("j2")).toBe(false);
  });

  it("says of one that is over that nothing is", () => {
    const standing = standingOf(given(started, ...requested(), completed).state);
    expect(standing).toMatchObject({ seq: 4, isOpen: false, isSetAside: false });
    expect(standing?.hasOpenJob("j1")).toBe(false);
  });

  it("is that of the last good event while it is set aside", () => {
    const standing = standingOf(setAside(state, about, "x"));
    expect(standing).toMatchObject({ seq: 3, isOpen: true, isSetAside: true });
    expect(standing?.hasOpenJob("j1")).toBe(true);
    expect(standingOf(setAside(undefined, about, "x"))).toMatchObject({
      seq: 0,
      isOpen: false,
      isSetAside: true,
    });
    const over = given(started, completed).state;
    expect(standingOf(setAside(over, about, "x"))).toMatchObject({ isOpen: false, isSetAside: true });
  });
});
