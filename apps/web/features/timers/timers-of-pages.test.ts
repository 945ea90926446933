import type { TimerView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { timersOfPages } from "./timers-of-pages.ts";

const timer = (runId: string, id: string, dueAt: number): TimerView => ({
  runId,
  workflow: "trip",
  kind: "sleep",
  id,
  since: 0,
  dueAt,
});

test("a timer that was put off from one page to the next is there once, where it is due", () => {
  const [other, sibling] = [timer("b", "t1", 7), timer("a", "t2", 8)];
  const pages = [{ timers: [timer("a", "t1", 5), other] }, { timers: [sibling, timer("a", "t1", 9)] }];
  expect(timersOfPages(pages)).toEqual([other, sibling, timer("a", "t1", 9)]);
  expect(timersOfPages([])).toEqual([]);
});
