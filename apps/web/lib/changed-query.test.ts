import { expect, test } from "vitest";
import {
  parseRunParams,
  serializeRunParams,
} from "../app/[tenant]/[namespace]/runs/[runId]/search-params.ts";
import { parseRunsParams, serializeRunsParams } from "../app/[tenant]/[namespace]/runs/search-params.ts";
import { changedQuery } from "./changed-query.ts";

test("a run that is drawn as a table can be drawn as a graph, in the zone of the page", () => {
  const asked = new URLSearchParams("view=table&tz=Asia/Tokyo");
  const page = { parse: parseRunParams, serialize: serializeRunParams };
  expect(changedQuery(asked, { view: "graph" }, page).get("view")).toBe("graph");
  expect(changedQuery(asked, { view: undefined }, page).toString()).toBe("tz=Asia%2FTokyo");
});

test("a list keeps the saved view that it was opened with", () => {
  const asked = new URLSearchParams("view=mine&status=stuck");
  const page = { parse: parseRunsParams, serialize: serializeRunsParams, hasSavedViews: true };
  expect(changedQuery(asked, { status: [] }, page).toString()).toBe("view=mine");
});
