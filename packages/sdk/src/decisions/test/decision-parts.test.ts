import type { RunDecision, RunEvent } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { Ahead } from "../ahead.ts";
import { RecentResults } from "../recent-results.ts";
import { UndoStack } from "../undo-stack.ts";
import { Unrecorded } from "../unrecorded.ts";

describe("The compensations of a run", () => {
  const owed = (compensationId: string) => ({
    compensationId,
    jobType: `undo ${compensationId}`,
    input: "1",
  });

  test("are handed out the last first, one at a time, and named while they run", () => {
    const stack = new UndoStack();
    const schemas = {};
    for (const id of ["c1", "c2"]) stack.register(owed(id), schemas);
    expect(stack.isRunning).toBe(false);
    expect(stack.take("j1")).toEqual(owed("c2"));
    expect(stack.isRunning).toBe(true);
    expect([stack.runsAs("j1"), stack.runsAs("j2")]).toEqual([true, false]);
    expect(stack.running("j1")).toEqual({ jobType: "undo c2", schemas });
    expect(stack.running("j2")).toBeUndefined();
    stack.finish();
    expect([stack.isRunning, stack.runsAs("j1")]).toEqual([false, false]);
    expect(stack.running("j1")).toBeUndefined();
    expect(stack.take("j2")).toEqual(owed("c1"));
    stack.finish();
    expect(stack.take("j3")).toBeUndefined();
    expect(stack.isRunning).toBe(false);
    expect(stack.problems).toBeUndefined();
  });

  test("that could not be carried out are told, with their jobs and why, each once", () => {
    const stack = new UndoStack();
    for (const id of ["c1", "c2", "c3"]) stack.register(owed(id), {});
    for (const [jobId, problem] of [
      ["j1", "it is flown"],
      ["j2", undefined],
      ["j3", "no room"],
    ] as const) {
      stack.take(jobId);
      stack.finish(problem);
      stack.finish("not this one");
    }
    expect(stack.problems).toBe("Not undone: undo c3 (j1): it is flown; undo c1 (j3): no room");
  });
});

describe("The job that a value came from", () => {
  test("is known by the value itself, or by one of its fields, whichever came last", () => {
    const results = new RecentResults();
    const [seat, room] = [{ seat: "1A" }, { room: 12 }];
    expect(results.jobOf(seat)).toBeUndefined();
    results.add("j1", seat);
    results.add("j2", room);
    expect(results.jobOf(seat)).toBe("j1");
    expect(results.jobOf({ why: "flown", seat })).toBe("j1");
    results.add("j3", seat);
    expect(results.jobOf(seat)).toBe("j3");
  });

  test("is the one whose result came last, for what is like none of them", () => {
    const results = new RecentResults();
    results.add("j1", { seat: "1A" });
    results.add("j2", "1A");
    for (const value of ["1A", null, undefined, { seat: "1A" }, { inside: null }])
      expect(results.jobOf(value)).toBe("j2");
  });

  test("is known of sixteen values", () => {
    const results = new RecentResults();
    const values = Array.from({ length: 17 }, (_, index) => ({ index }));
    for (const [index, value] of values.entries()) results.add(`j${index}`, value);
    expect(results.jobOf(values[1])).toBe("j1");
    expect(results.jobOf(values[0])).toBe("j16");
    // What is no object takes no place.
    for (const value of ["text", null, 7]) results.add("other", value);
    expect(results.jobOf(values[1])).toBe("j1");
  });
});

describe("What code has asked for", () => {
  const timer = (timerId: string): RunDecision => ({ type: "SetTimer", timerId, dueAt: 1 });

  test("is there in its order until it is recorded, the first first", () => {
    const asked = new Unrecorded();
    expect([asked.isEmpty, asked.first, asked.all()]).toEqual([true, undefined, []]);
    for (const id of ["t1", "t2"]) asked.add(timer(id));
    expect([asked.isEmpty, asked.first, asked.all()]).toEqual([
      false,
      timer("t1"),
      [timer("t1"), timer("t2")],
    ]);
    asked.recorded();
    expect([asked.first, asked.all()]).toEqual([timer("t2"), [timer("t2")]]);
    asked.add(timer("t3"));
    asked.recorded();
    expect(asked.isEmpty).toBe(false);
    asked.recorded();
    expect([asked.isEmpty, asked.first, asked.all()]).toEqual([true, undefined, []]);
    asked.add(timer("t4"));
    expect(asked.all()).toEqual([timer("t4")]);
  });

  test("can be dropped where it is not recorded yet", () => {
    const asked = new Unrecorded();
    for (const id of ["t1", "t2", "t3"]) asked.add(timer(id));
    asked.recorded();
    const seen: RunDecision[] = [];
    asked.keep((decision) => {
      seen.push(decision);
      return decision.type === "SetTimer" && decision.timerId === "t3";
    });
    expect(seen).toEqual([timer("t2"), timer("t3")]);
    expect([asked.first, asked.all()]).toEqual([timer("t3"), [timer("t3")]]);
  });
});

describe("What history holds beyond the event that is answered", () => {
  const events = (...all: RunEvent[]) => all.map((event, index) => ({ seq: index + 1, at: 0, event }));
  const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
  const completed: RunEvent = { type: "JobCompleted", jobId: "j1", output: "1" };
  const passing: RunEvent = { type: "SignalAwaited", waitId: "w2", name: "n", signalId: "s1" };
  const recorded = (version: number): RunEvent => ({ type: "VersionRecorded", changeId: "v", version });

  test("says which signals are passed over, and which version was recorded first", () => {
    const ahead = new Ahead();
    const all = events(started, passing, recorded(2), recorded(3));
    ahead.feeding(all, 0, all.length);
    expect([ahead.passesOver("s1"), ahead.passesOver("s2")]).toEqual([true, false]);
    expect([ahead.versionOf("v"), ahead.versionOf("other")]).toEqual([2, undefined]);
    ahead.forget();
    expect([ahead.passesOver("s1"), ahead.versionOf("v"), ahead.hasOwnDecision]).toEqual([
      false,
      undefined,
      false,
    ]);
  });

  test("is looked at from where it is fed, to where it is there", () => {
    const all = events(passing, started, recorded(2));
    const ahead = new Ahead();
    ahead.feeding(all, 1, 2);
    expect([ahead.passesOver("s1"), ahead.versionOf("v")]).toEqual([false, undefined]);
    // More of the same may come.
    ahead.feeding(all, 0, 3);
    expect([ahead.passesOver("s1"), ahead.versionOf("v")]).toEqual([false, 2]);
    // Of others, nothing is known that was known of these.
    ahead.feeding(events(started), 0, 1);
    expect(ahead.versionOf("v")).toBeUndefined();
  });

  test("says whether the code asked for something later", () => {
    const all = events(started, passing, completed);
    const ahead = new Ahead();
    ahead.feeding(all, 0, 3);
    const known = [1, 2].map((count) => {
      ahead.fed(count);
      return ahead.hasOwnDecision;
    });
    expect(known).toEqual([true, false]);
  });
});
