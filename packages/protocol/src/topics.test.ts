import { expect, test } from "vitest";
import { bulkJobs, bulkWorkflow } from "./built-in.ts";
import { partitionedTopics, singleTopics, subscriptions, topics } from "./topics.ts";

test("topics and subscriptions have the names they always had: what is in them is found by nothing else", () => {
  expect([topics.inbox(0), topics.history(3), topics.jobs("charge"), topics.decisions("order")]).toEqual([
    "inbox-partition-0",
    "history-partition-3",
    "jobs-charge",
    "decisions-order",
  ]);
  const build = topics.decisionsOfBuild("order", "2026-12-01");
  expect(build).toMatch(/^decisions-order\.\d{1,3}$/);
  expect(topics.decisionsOfBuild("order", "2026-12-01")).toBe(build);
  const builds = Array.from({ length: 3_000 }, (_, index) => topics.decisionsOfBuild("order", `${index}`));
  const numbers = new Set(builds.map((topic) => Number(topic.split(".")[1])));
  expect(numbers.size).toBeLessThanOrEqual(256);
  expect(numbers.size).toBeGreaterThan(200);
  expect(Math.max(...numbers)).toBeLessThan(256);
  expect([
    topics.timers,
    topics.calledOff,
    topics.quarantine,
    topics.savedQueries,
    topics.causeMarks,
    topics.quarantineMarks,
    topics.savedViews,
    topics.goals,
    topics.boards,
    topics.alerts,
    topics.approvals,
    topics.audit,
  ]).toEqual([
    "timers",
    "called-off",
    "quarantine",
    "saved-queries",
    "cause-marks",
    "quarantine-marks",
    "saved-views",
    "goals",
    "boards",
    "alerts",
    "approvals",
    "audit",
  ]);
  expect([topics.workers, topics.workflows]).toEqual(["workers", "workflows"]);
  // All that are said above: `setup` makes those that are named here.
  const named = Object.values(topics).filter((topic) => typeof topic === "string");
  expect([...singleTopics].sort()).toEqual(named.sort());
  expect(partitionedTopics).toEqual(["inbox", "history"]);
  expect(subscriptions).toEqual({
    alerting: "alerting",
    engine: "engine",
    workers: "workers",
    deciders: "deciders",
    timers: "timers",
  });
});

test("what the server hosts itself has the names that histories and topics of before have", () => {
  expect(bulkWorkflow).toBe("downbeat-bulk");
  expect(bulkJobs).toEqual({
    list: "downbeat-bulk-list",
    act: "downbeat-bulk-act",
    look: "downbeat-bulk-look",
  });
});
