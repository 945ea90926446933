import type { OwedView } from "@downbeat/api/views";
import { expect, test } from "vitest";
import { owedOfPages } from "./owed-of-pages.ts";

const one = (runId: string, compensationId: string, standing: OwedView["standing"]): OwedView => ({
  runId,
  workflow: "trip",
  labels: {},
  compensationId,
  jobType: "refund",
  standing,
  since: 1,
});

test("what changed its standing from one page to the next is there once, as the later page knows it", () => {
  const [other, sibling] = [one("b", "c1", "left"), one("a", "c2", "left")];
  const pages = [{ owed: [one("a", "c1", "undoing"), other] }, { owed: [sibling, one("a", "c1", "failed")] }];
  expect(owedOfPages(pages)).toEqual([other, sibling, one("a", "c1", "failed")]);
  expect(owedOfPages([])).toEqual([]);
});
