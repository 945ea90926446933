import type { RunEvent } from "@downbeat/domain";
import { describe, expect, test } from "vitest";
import { parseRunEvents, recordableEvents, runEventTypes } from "./run-event.ts";

const started: RunEvent = { type: "RunStarted", workflow: "w", input: "1" };
const set: RunEvent = { type: "TimerSet", timerId: "t1", generation: 1, dueAt: 5 };

test("every type of event is known by its name", () => {
  expect(runEventTypes).toContain("RunStarted");
  expect(runEventTypes).toContain("CommandRefused");
  expect(new Set(runEventTypes).size).toBe(runEventTypes.length);
});

describe("Events that come from elsewhere", () => {
  test("are taken when all of them are events", () => {
    expect(parseRunEvents([started, set])).toEqual([started, set]);
    expect(parseRunEvents([])).toEqual([]);
  });

  test.each([[null], [{}], ["x"], [[started, { type: "Exploded" }]], [[{ ...set, dueAt: -1 }]]])(
    "are none: %j",
    (value) => {
      expect(parseRunEvents(value)).toBeUndefined();
    },
  );
});

describe("What can't be written down", () => {
  test("is nothing of what readers will see as it is, fields apart that nobody knows", () => {
    expect(recordableEvents([started, { ...set, colour: "red" } as RunEvent])).toEqual({
      events: [started, set],
    });
  });

  test("is said, with the event that it is", () => {
    expect(recordableEvents([started, { ...set, dueAt: 0.5 }])).toEqual({
      flaw: "TimerSet can't be written down: 1.dueAt: Invalid input: expected int, received number",
    });
  });
});

describe("What is written down", () => {
  test("is a copy of what somebody else may change later", () => {
    const labels = { order: "1" };
    const { events } = recordableEvents([{ ...started, labels }]) as { events: RunEvent[] };
    labels.order = "2";
    expect(events).toEqual([{ ...started, labels: { order: "1" } }]);
  });
});

test("events of texts and numbers alone are not copied: there are many, and nobody else has them", () => {
  const events = [started, set];
  expect(recordableEvents(events)).toEqual({ events });
  expect((recordableEvents(events) as { events: unknown }).events).toBe(events);
  const labelled = [{ ...started, labels: {} }, set];
  expect((recordableEvents(labelled) as { events: unknown }).events).not.toBe(labelled);
});

test("what is no event at all can't be written down, and is called one", () => {
  expect(recordableEvents([started, null as unknown as RunEvent])).toEqual({
    flaw: expect.stringMatching(/^an event can't be written down: 1: /),
  });
});
