import type { RunEvent } from "@downbeat/domain";
import { position } from "@downbeat/message-log";
import type { ReadDecision } from "@downbeat/protocol";
import { describe, expect, test } from "vitest";
import { RunsOver } from "../src/compaction/runs-over.ts";

const day = 86_400_000;
const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const completed: RunEvent = { type: "RunCompleted", output: "1" };
const refused: RunEvent = { type: "CommandRefused", command: "CancelRun", code: "RunOver", message: "No." };

const part = (runId: string, seq: number, ...events: RunEvent[]): ReadDecision => ({
  runId,
  workflow: "w",
  inputId: "i",
  seq,
  events,
});
const removedPart = (runId: string): ReadDecision => ({
  ...part(runId, 2),
  removed: { status: "completed", startId: "i", closedAt: 5 },
});

function opened() {
  const runs = new RunsOver();
  let entry = 0;
  /** @returns where it is */
  const takes = (given: { at?: number; stretch?: number }, ...decisions: ReadDecision[]) => {
    const place = position(0, entry++);
    const { at = 5, stretch = 0 } = given;
    runs.take(
      { kind: "decisions", id: `d${entry}`, prev: "p", claimId: "c", at, dispatchedUpTo: 0, decisions },
      place,
      stretch,
    );
    return place;
  };
  const over = () => Object.fromEntries(runs.all());
  return { runs, takes, over };
}

describe("Of runs that are over", () => {
  test("it is known up to where their parts go, and in which stretches they are", () => {
    const { runs, takes, over } = opened();
    takes({ stretch: 0 }, part("a", 1, started), part("b", 1, started));
    expect(runs.isKept("a")).toBe(true);
    expect([runs.size, [...runs.stretches()]]).toEqual([0, []]);
    const end = takes({ stretch: 2 }, part("a", 2, completed));
    expect(over()).toMatchObject({ a: { upTo: end, state: { status: "completed", seq: 2 } } });
    expect([...runs.stretches()]).toEqual([0, 2]);
    expect([runs.size, runs.isKept("a"), runs.isKept("b")]).toEqual([1, false, true]);
  });

  test("what was refused after their end is a part of theirs", () => {
    const { runs, takes, over } = opened();
    takes({}, part("a", 1, started, completed));
    const last = takes({ stretch: 1 }, part("a", 3, refused));
    expect(over()).toMatchObject({ a: { upTo: last, state: { seq: 3 } } });
    expect([...runs.stretches()]).toEqual([0, 1]);
  });

  test("nothing is known any more once they are removed", () => {
    const { runs, takes, over } = opened();
    takes({}, part("a", 1, started, completed), part("b", 1, started));
    takes({ stretch: 1 }, removedPart("b"));
    expect(runs.size).toBe(2);
    runs.settle();
    expect([runs.size, over(), [...runs.stretches()]]).toEqual([0, {}, []]);
  });

  test("one that begins again takes the place of the one before, and is open", () => {
    const { runs, takes, over } = opened();
    takes({}, part("a", 1, started, completed));
    takes({ at: 5 + day, stretch: 1 }, part("a", 1, started));
    expect([runs.size, runs.isKept("a"), over()]).toEqual([0, true, {}]);
    const end = takes({ at: 6 + day, stretch: 2 }, part("a", 2, completed));
    expect(over()).toMatchObject({ a: { upTo: end, state: { closedAt: 6 + day } } });
    expect([...runs.stretches()]).toEqual([0, 1, 2]);
    expect(runs.isKept("a")).toBe(false);
  });
});

describe("A run whose removal was interrupted", () => {
  test("has a rest that is to go, without anything in its place", () => {
    const { runs, takes, over } = opened();
    takes({ stretch: 3 }, part("a", 1, started));
    const place = takes({ stretch: 4 }, removedPart("a"));
    expect(over()).toEqual({ a: { upTo: place } });
    expect([runs.size, runs.isKept("a"), [...runs.stretches()]]).toEqual([1, false, [3]]);
  });

  test("has none where its parts are gone", () => {
    const { runs, takes, over } = opened();
    takes({}, removedPart("a"));
    expect([runs.size, runs.isKept("a"), over()]).toEqual([0, false, {}]);
  });
});

describe("A run that is set aside", () => {
  test("is kept, whatever comes of it later, be it over before or open", () => {
    const { runs, takes, over } = opened();
    takes({}, part("a", 1, started, completed), part("b", 1, started));
    runs.setAside(["a", "b", "c"]);
    takes({ at: 5 + day }, part("a", 1, started, completed), part("c", 1, started, completed));
    expect([runs.size, over()]).toEqual([0, {}]);
    for (const runId of ["a", "b", "c"]) expect(runs.isKept(runId)).toBe(true);
  });

  test("is one whose events can't follow", () => {
    const { runs, takes, over } = opened();
    takes({}, part("a", 1, started), part("a", 9, completed));
    takes({}, part("a", 2, completed));
    expect([runs.isKept("a"), over()]).toEqual([true, {}]);
  });
});

test("refusals that are of no run's history, or of a run whose history is gone, are of no run", () => {
  const { runs, takes } = opened();
  takes({}, part("nobody", 0, refused), part("gone", 7, refused));
  expect([runs.isKept("nobody"), runs.isKept("gone"), runs.size]).toEqual([false, false, 0]);
});
