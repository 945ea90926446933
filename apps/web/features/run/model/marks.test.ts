import type { ActionView, EventView } from "@downbeat/api/views";
import fc from "fast-check";
import { expect, test } from "vitest";
import { timeScale } from "../timeline/scale.ts";
import { clusterMarks, type Mark, marksOf, markTypes } from "./marks.ts";

const event = (seq: number, at: number): EventView => ({
  seq,
  at,
  inputId: `i${seq}`,
  event: { type: "LabelsSet", labels: {} },
  sentence: "Labels set.",
});
const completed: ActionView = {
  actionId: "a1",
  verb: "completeJob",
  actor: "ada",
  reason: "paid in cash",
  at: 25,
  runId: "r",
  jobId: "j1",
  outcome: { type: "accepted" },
};

test("what people did to a job is a mark too, though its event is one of any job", () => {
  const refused: ActionView = {
    ...completed,
    actionId: "a2",
    outcome: { type: "refused", code: "JobNotStuck", message: "no" },
  };
  const marks = marksOf([event(4, 30), event(2, 20)], [completed, refused], () => "bookHotel");
  expect(marks.map(({ at, text, seq, rowId }) => ({ at, text, seq, rowId }))).toEqual([
    { at: 20, text: "Labels set.", seq: 2, rowId: undefined },
    { at: 25, text: "ada completed bookHotel: paid in cash", seq: undefined, rowId: "j1" },
    { at: 30, text: "Labels set.", seq: 4, rowId: undefined },
  ]);
});

test("what people did to a timer is a mark, which leads to its row", () => {
  const { jobId: _, ...onTimer } = { ...completed, timerId: "t1" };
  const of = (verb: ActionView["verb"]) =>
    marksOf([], [{ ...onTimer, verb }], () => "Slept until 9:00").map(({ text, rowId }) => [text, rowId]);
  expect(of("fireTimer")).toEqual([["ada had time come early for “Slept until 9:00”: paid in cash", "t1"]]);
  expect(of("liftTimeout")).toEqual([["ada took the time-out from “Slept until 9:00”: paid in cash", "t1"]]);
  // It has an event of its own, which is a mark.
  expect(of("postponeTimer")).toEqual([]);
  expect(markTypes).toContain("TimerPostponed");
});

test("marks on the screen are in exactly one place each, and no two places are nearer than asked", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -200, max: 1_200 })),
      fc.integer({ min: 4, max: 40 }),
      (times, apart) => {
        const scale = timeScale(0, 1_000, 500);
        const marks = times
          .sort((a, b) => a - b)
          .map((at, index): Mark => ({ key: `e${index}`, at, type: "LabelsSet", text: "", seq: index }));
        const clusters = clusterMarks(marks, scale, apart);
        expect(clusters.flatMap((cluster) => cluster.marks)).toEqual(
          marks.filter(({ at }) => at >= 0 && at <= 1_000),
        );
        for (const [index, cluster] of clusters.entries())
          if (index > 0) expect(cluster.x - (clusters[index - 1]?.x ?? 0)).toBeGreaterThanOrEqual(apart);
      },
    ),
  );
});
