import { expect, test } from "vitest";
import { partitionedTopics, singleTopics, subscriptions, topics } from "./topics.ts";

test("topics and subscriptions have the names they always had: what is in them is found by nothing else", () => {
  expect([topics.inbox(0), topics.history(3), topics.jobs("charge"), topics.decisions("order")]).toEqual([
    "inbox-partition-0",
    "history-partition-3",
    "jobs-charge",
    "decisions-order",
  ]);
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
